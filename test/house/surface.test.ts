// Long because it lists all that the packages export.
import { join } from 'node:path';

import { expect, test } from 'vitest';

import { members, root, textOf } from '../support/repository.ts';

// Every published name, on purpose by hand: a change here is a change for those who use the packages.
// After a deliberate one: npx vitest run test/house/surface -u

test('every subpath that is published is pinned here', () => {
  expect(subpaths().toSorted()).toEqual([
    '@mcp-dbg/capture',
    '@mcp-dbg/capture/folder',
    '@mcp-dbg/capture/lint',
    '@mcp-dbg/capture/node',
    '@mcp-dbg/capture/redact',
    '@mcp-dbg/core',
    '@mcp-dbg/core/anthropic',
    '@mcp-dbg/core/oauth',
    '@mcp-dbg/core/script',
    '@mcp-dbg/protocol',
    '@mcp-dbg/protocol/lint',
    '@mcp-dbg/proxy',
    '@mcp-dbg/proxy/signals',
    '@mcp-dbg/relay',
    '@mcp-dbg/relay/faults',
    '@mcp-dbg/relay/hold',
    '@mcp-dbg/relay/tools',
    '@mcp-dbg/wire',
  ]);
});

test('@mcp-dbg/wire', async () => {
  expect(await surface('packages/wire/src/index.ts')).toMatchInlineSnapshot(`
    "ExchangeTracker
    FrameCounter
    FrameStream
    LineSplitter
    StderrTail
    flippedId
    idText
    jsonItems
    jsonMembers
    memberText
    peerOf
    readFrame
    readText
    type BatchReading
    type ErrorReading
    type Frame
    type FrameFault
    type IdText
    type Line
    type Member
    type Message
    type NotJsonReading
    type NotJsonRpcReading
    type NotificationReading
    type Reading
    type RequestReading
    type ResultReading
    type Sender
    type TrackerBound"
  `);
});

test('@mcp-dbg/protocol', async () => {
  expect(await surface('packages/protocol/src/index.ts')).toMatchInlineSnapshot(`
    "BLANK
    Exchanges
    LEGACY_VERSIONS
    LOG_LEVELS
    META_KEYS
    METHODS
    MODERN_VERSIONS
    Pairing
    VERSIONS
    callOf
    eraOf
    headerParams
    metaOf
    methodNamed
    outlineOf
    type Change
    type Era
    type Exchange
    type ExchangeKind
    type ExchangeStatus
    type FrameReader
    type HeaderParam
    type HeaderParamFault
    type Method
    type Outline
    type Placed
    type Sighting
    type Version"
  `);
});

test('@mcp-dbg/protocol/lint', async () => {
  expect(await surface('packages/protocol/src/lint/index.ts')).toMatchInlineSnapshot(`
    "FAMILIES
    LEVELS
    Linter
    PROCESS_RULES
    RULES
    checkShape
    contract
    errorDataShapeOf
    paramsShapeOf
    resultShapeOf
    schemaFaults
    specPage
    type Contract
    type ContractTerms
    type Family
    type Finding
    type Level
    type LinterOptions
    type ProcessEnd
    type Rule
    type SchemaFault
    type Shape
    type ShapeFault
    type Slot"
  `);
});

test('@mcp-dbg/capture/lint', async () => {
  expect(await surface('packages/capture/src/lint.ts')).toMatchInlineSnapshot(`
    "CaptureLinter
    type CaptureFinding"
  `);
});

test('@mcp-dbg/capture/folder', async () => {
  expect(await surface('packages/capture/src/node/folder.ts')).toMatchInlineSnapshot(`
    "captureFolder
    makeFolder
    safeLabel"
  `);
});

test('@mcp-dbg/capture/redact', async () => {
  expect(await surface('packages/capture/src/redact/index.ts')).toMatchInlineSnapshot(`
    "MASK
    Redactor
    maskArgv
    redactRecords
    secretsOfEnvironment
    type NamedSecret
    type RedactRecordsOptions
    type RedactorOptions
    type Replaced
    type Replacement"
  `);
});

test('@mcp-dbg/capture', async () => {
  expect(await surface('packages/capture/src/index.ts')).toMatchInlineSnapshot(`
    "CaptureDecoder
    CaptureError
    FILTER_KEYS
    FORMAT_VERSION
    FilterError
    MAX_DATA_BYTES
    MAX_HEADER_BYTES
    compileFilter
    entrySubject
    explainFilterError
    isExplosive
    isInterference
    nearestWord
    parseFilter
    plainEvent
    printFilter
    readCapture
    readStats
    recordBytes
    writeRecords
    type CallStats
    type CaptureErrorCode
    type CaptureRecord
    type CapturedFrame
    type CaughtUp
    type CloseRecord
    type ConnectRecord
    type ContextCost
    type DataRecord
    type DisconnectRecord
    type Entry
    type EofRecord
    type EventEntry
    type ExchangeEntry
    type ExitRecord
    type FaultRecord
    type Filter
    type FilterKey
    type FilterKeyName
    type FilterNeeds
    type FilterNode
    type FilterSide
    type FilterSubject
    type FilterTree
    type FilterValueKind
    type FilterWord
    type GapRecord
    type HttpRecord
    type LatencySummary
    type Missed
    type NoteRecord
    type OpenCall
    type OpenRecord
    type OtherRecord
    type QueryOptions
    type ServerExit
    type SignalRecord
    type Source
    type SpawnRecord
    type StatsDocument
    type StderrEntry
    type SubjectContext
    type TornStretch"
  `);
});

test('@mcp-dbg/capture/node', async () => {
  expect(await surface('packages/capture/src/node/index.ts')).toMatchInlineSnapshot(`
    "CAPTURE_EXTENSION
    CaptureWriter
    MAX_CAPTURE_BYTES
    MAX_CRASH_REPORTS
    MAX_FOLDER_BYTES
    captureFolder
    captureName
    captureOfCrashReport
    crashReportFiles
    crashReportPath
    followCapture
    hasProcess
    isAlive
    labelCapture
    listCaptures
    openCapture
    openCaptureStream
    probeOf
    probedBy
    pruneCaptures
    pruneOldCaptures
    queryFile
    statsOfFile
    type CaptureNaming
    type CaptureOptions
    type ConnectionEvent
    type ConnectionRecorder
    type ConnectionTarget
    type CrashReportFile
    type FileQuestion
    type Pruning
    type StoredCapture
    type WriterState"
  `);
});

test('@mcp-dbg/proxy', async () => {
  expect(await surface('packages/proxy/src/index.ts')).toMatchInlineSnapshot(`
    "FORWARDED_SIGNALS
    NEVER_STARTED
    ProxyError
    START_FAILURE_CODES
    STOP_GRACE_MS
    ServerProcess
    ended
    fanOut
    isEnding
    isForProcess
    killDeadline
    nextStart
    openInput
    openOutput
    ownEnd
    refused
    runProxy
    started
    type Deadline
    type Exit
    type ForwardedSignal
    type Inlet
    type Observer
    type Outlet
    type OwnEnd
    type Pipe
    type ProcessEvent
    type ProxyErrorCode
    type ProxyOptions
    type RestartCause
    type RestartDecision
    type RestartRecord
    type RunningServer
    type Say
    type ServerCommand
    type StartServer"
  `);
});

test('@mcp-dbg/proxy/signals', async () => {
  expect(await surface('packages/proxy/src/signals.ts')).toMatchInlineSnapshot(`
    "FORWARDED_SIGNALS
    isEnding
    isForProcess
    type ForwardedSignal"
  `);
});

test('@mcp-dbg/relay', async () => {
  expect(await surface('packages/relay/src/index.ts')).toMatchInlineSnapshot(`
    "RelayError
    RelayFrame
    runRelay
    type FaultEvent
    type MakeStage
    type NoteEvent
    type Ours
    type RelayErrorCode
    type RelayEvent
    type RelayOptions
    type RunningServer
    type ServerControl
    type Stage
    type StageContext"
  `);
});

test('@mcp-dbg/relay/faults', async () => {
  expect(await surface('packages/relay/src/faults/index.ts')).toMatchInlineSnapshot(`
    "CHAOS_PRESETS
    FAULT_ACTIONS
    FaultError
    MAX_SEED
    faultStage
    faultedStart
    parseFault
    parseFaultFile
    type ChaosPreset
    type FaultAction
    type FaultActionRow
    type FaultName
    type FaultRule
    type FaultStageOptions
    type FaultWhen"
  `);
});

test('@mcp-dbg/relay/hold', async () => {
  expect(await surface('packages/relay/src/hold/index.ts')).toMatchInlineSnapshot(`
    "HoldDesk
    liveFilter
    type Decision
    type FrameSummary
    type HeldFrame
    type HoldEnd
    type HoldEvent
    type HoldOptions
    type RefusalCode
    type Verdict"
  `);
});

test('@mcp-dbg/relay/tools', async () => {
  expect(await surface('packages/relay/src/tools/index.ts')).toMatchInlineSnapshot(`
    "relayTools
    type RelayTools
    type RelayToolsOptions"
  `);
});

test('@mcp-dbg/core', async () => {
  expect(await surface('packages/core/src/index.ts')).toMatchInlineSnapshot(`
    "Connection
    CoreError
    DEFAULT_PROBE_MS
    DEFAULT_TIMEOUT_MS
    ModelError
    Session
    Supervisor
    adaptSchema
    commandServer
    complete
    describeEnd
    diffEntries
    forAnotherModel
    howItEnded
    listEntries
    readTurns
    resolveScript
    resolveServer
    sampleWith
    shownUrl
    toModelContent
    toolLoop
    writeTurns
    type AdaptedSchema
    type Answer
    type AnswerByHand
    type Asker
    type Completable
    type Completion
    type ConnectionEnd
    type ConnectionEvent
    type ConnectionObserver
    type ConnectionOptions
    type CoreErrorCode
    type CoreErrorOptions
    type Elicitation
    type ElicitationAnswer
    type EntryDiff
    type EraChoice
    type Features
    type HttpEvent
    type HttpServer
    type ImageType
    type JsonObject
    type ListMethod
    type ListedEntry
    type ListedTool
    type Live
    type LoopEvent
    type LoopTools
    type Model
    type ModelContent
    type ModelErrorCode
    type ModelReply
    type ModelRequest
    type OnListFinding
    type Opened
    type Pace
    type Progress
    type RawAnswer
    type RawOptions
    type RequestOptions
    type Root
    type RoutedTool
    type Routes
    type RunToolOptions
    type Sampled
    type Sampling
    type ServerAccess
    type ServerConfig
    type ServerEvent
    type ServerState
    type SessionOptions
    type Spent
    type StdioServer
    type StopReason
    type StoppedReason
    type SupervisorOptions
    type Surroundings
    type ToolFailure
    type ToolLoopOptions
    type ToolOutcome
    type ToolReply
    type ToolRun
    type ToolRunOptions
    type ToolSpec
    type ToolUse
    type Turn
    type Typed
    type Usage"
  `);
});

test('@mcp-dbg/core/anthropic', async () => {
  expect(await surface('packages/core/src/anthropic/index.ts')).toMatchInlineSnapshot(`
    "DEFAULT_MODEL
    KNOWN_MODELS
    anthropicModel
    anthropicSettings
    chosenModel
    type AnthropicOptions
    type AnthropicSettings
    type ModelProfile"
  `);
});

test('@mcp-dbg/core/oauth', async () => {
  expect(await surface('packages/core/src/oauth/index.ts')).toMatchInlineSnapshot(`
    "Access
    memoryStore
    type AccessOptions
    type Challenge
    type Grant
    type KeptSignIns
    type OwnClient
    type Person
    type Reception
    type Revocation
    type SavedClient
    type SavedSignIn
    type SavedTokens
    type SignInOptions
    type TokenStore"
  `);
});

test('@mcp-dbg/core/script', async () => {
  expect(await surface('packages/core/src/script/index.ts')).toMatchInlineSnapshot(`
    "messagesApi
    parseScript
    scriptModel
    type MessagesApi
    type MessagesApiOptions
    type MessagesApiRequest
    type Script
    type ScriptCall
    type ScriptError
    type ScriptModelOptions
    type ScriptStop
    type ScriptTurn"
  `);
});

function subpaths(): readonly string[] {
  return members.flatMap((member) => {
    const { name, private: hidden, exports = {} } = JSON.parse(textOf(`${member}/package.json`));
    return hidden === true ? [] : Object.keys(exports).map((subpath) => `${name}${subpath.slice(1)}`);
  });
}

/** What a module exports: what is there at run time, then what its text names as types. */
async function surface(path: string): Promise<string> {
  const values = Object.keys(await import(/* @vite-ignore */ join(root, path)));
  return [
    ...values.toSorted(),
    ...typeNames(textOf(path))
      .toSorted()
      .map((name) => `type ${name}`),
  ].join('\n');
}

function typeNames(text: string): readonly string[] {
  const declared = [...text.matchAll(/^export (?:interface|type) (\w+)/gm)].map(([, name = '']) => name);
  const listed = [...text.matchAll(/^export (type )?\{([^}]*)\}/gm)].flatMap(([, allTypes, list = '']) =>
    list
      .split(',')
      .map((item) => item.trim())
      .filter((item) => item !== '' && (allTypes !== undefined || item.startsWith('type ')))
      .map((item) => item.replace(/^type /, '').replace(/^.* as /, '')),
  );
  return [...declared, ...listed];
}
