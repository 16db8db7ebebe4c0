import { describe, expect, it } from 'vitest';

import { findingsIn } from './transcript.ts';

// What @modelcontextprotocol/client and server 2.4.0 and sdk 1.32.2 wrote to each other (Node 20.20), and client and server
// of the Python SDK 2.3.0 (Python 3.11): recorded, and shortened to fewer tools, shorter texts and names for what is
// repeated. What depends on chance (messages that cross, a probe answered late) and both eras on one pipe are put
// together from what was recorded.

const M =
  '"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"elicitation":{},"roots":{"listChanged":true},"sampling":{}}';
const BARE =
  '"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"c","version":"1"},"io.modelcontextprotocol/clientCapabilities":{}';
const S = '"_meta":{"io.modelcontextprotocol/serverInfo":{"name":"srv","version":"1.0.0"}}';
const KEPT = `"resultType":"complete","ttlMs":0,"cacheScope":"private",${S}`;
const P =
  '"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"pyc","version":"1"},"io.modelcontextprotocol/clientCapabilities":{"elicitation":{"form":{},"url":{}},"roots":{"listChanged":true}}';
const SUBSCRIPTION = '"io.modelcontextprotocol/subscriptionId"';
const CAN =
  '{"logging":{},"resources":{"subscribe":true,"listChanged":true},"tools":{"listChanged":true},"prompts":{"listChanged":true}}';
const SCHEMA =
  '{"type":"object","$schema":"https://json-schema.org/draft/2020-12/schema","properties":{"text":{"type":"string"}}}';
const TOOLS = `"tools":[${['echo', 'ask', 'slow', 'long', 'add_tool'].map((name) => `{"name":"${name}","description":"Does it.","inputSchema":${SCHEMA}}`).join(',')}]`;

const PROBE = `
> {"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover","params":{"_meta":{${M}}}}
< {"result":{"supportedVersions":["2026-07-28"],"capabilities":${CAN},${KEPT}},"jsonrpc":"2.0","id":"server-discover-probe-1"}`;

const LISTEN = `
> {"jsonrpc":"2.0","id":"listen:0","method":"subscriptions/listen","params":{"_meta":{${M}},"notifications":{"toolsListChanged":true}}}
< {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"toolsListChanged":true},"_meta":{${SUBSCRIPTION}:"listen:0"}}}`;

const INITIALIZE = `
> {"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"elicitation":{},"roots":{"listChanged":true},"sampling":{}},"clientInfo":{"name":"c","version":"1"}},"jsonrpc":"2.0","id":0}
< {"result":{"protocolVersion":"2025-11-25","capabilities":${CAN},"serverInfo":{"name":"srv","version":"1.0.0"}},"jsonrpc":"2.0","id":0}
> {"jsonrpc":"2.0","method":"notifications/initialized"}`;

const LEAVE = `
! eof
! exit 0`;

const MODERN: Readonly<Record<string, string>> = {
  'lists and reads': `${PROBE}
> {"method":"tools/list","jsonrpc":"2.0","id":0,"params":{"_meta":{${M}}}}
< {"result":{${TOOLS},${KEPT}},"jsonrpc":"2.0","id":0}
> {"method":"resources/list","jsonrpc":"2.0","id":1,"params":{"_meta":{${M}}}}
< {"result":{"resources":[{"uri":"mem:a","name":"a","description":"A"}],${KEPT}},"jsonrpc":"2.0","id":1}
> {"method":"prompts/list","jsonrpc":"2.0","id":2,"params":{"_meta":{${M}}}}
< {"result":{"prompts":[{"name":"p","description":"P"}],${KEPT}},"jsonrpc":"2.0","id":2}
> {"method":"resources/read","params":{"uri":"mem:a","_meta":{${M}}},"jsonrpc":"2.0","id":3}
< {"result":{"contents":[{"uri":"mem:a","text":"a"}],${KEPT}},"jsonrpc":"2.0","id":3}
> {"method":"resources/read","params":{"uri":"mem:zz","_meta":{${M}}},"jsonrpc":"2.0","id":4}
< {"jsonrpc":"2.0","id":4,"error":{"code":-32602,"message":"Resource not found: mem:zz","data":{"uri":"mem:zz"}}}
> {"method":"prompts/get","params":{"name":"p","_meta":{${M}}},"jsonrpc":"2.0","id":5}
< {"result":{"messages":[{"role":"user","content":{"type":"text","text":"p"}}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":5}`,

  'calls, good and bad': `${PROBE}
> {"method":"tools/call","params":{"name":"echo","arguments":{"text":"hi"},"_meta":{${M}}},"jsonrpc":"2.0","id":6}
< {"result":{"content":[{"type":"text","text":"hi"}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":6}
> {"method":"tools/call","params":{"name":"echo","arguments":{},"_meta":{${M}}},"jsonrpc":"2.0","id":7}
< {"result":{"content":[{"type":"text","text":"Input validation error: text: expected string, received undefined"}],"isError":true,"resultType":"complete",${S}},"jsonrpc":"2.0","id":7}
> {"method":"tools/call","params":{"name":"nope","arguments":{},"_meta":{${M}}},"jsonrpc":"2.0","id":8}
< {"jsonrpc":"2.0","id":8,"error":{"code":-32602,"message":"Tool nope not found"}}`,

  'a call that needs input, and one that needs only its state': `${PROBE}
> {"method":"tools/call","params":{"name":"ask","arguments":{},"_meta":{${M}}},"jsonrpc":"2.0","id":9}
< {"result":{"resultType":"input_required","inputRequests":{"who":{"method":"elicitation/create","params":{"message":"who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}}},"mode":"form"}},"roots":{"method":"roots/list"}},"requestState":"S1",${S}},"jsonrpc":"2.0","id":9}
> {"method":"tools/call","params":{"name":"ask","arguments":{},"inputResponses":{"who":{"action":"accept","content":{"name":"Ann"}},"roots":{"roots":[{"uri":"file:///r","name":"r"}]}},"requestState":"S1","_meta":{${M}}},"jsonrpc":"2.0","id":10}
< {"result":{"content":[{"type":"text","text":"hello Ann"}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":10}
> {"method":"tools/call","params":{"name":"state","arguments":{},"_meta":{${M}}},"jsonrpc":"2.0","id":11}
< {"result":{"resultType":"input_required","requestState":"S2",${S}},"jsonrpc":"2.0","id":11}
> {"method":"tools/call","params":{"name":"state","arguments":{},"requestState":"S2","_meta":{${M}}},"jsonrpc":"2.0","id":12}
< {"result":{"content":[{"type":"text","text":"ok"}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":12}`,

  'a call that needs input which its client cannot give': `
> {"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover","params":{"_meta":{${BARE}}}}
< {"result":{"supportedVersions":["2026-07-28"],"capabilities":${CAN},${KEPT}},"jsonrpc":"2.0","id":"server-discover-probe-1"}
> {"method":"tools/call","params":{"name":"ask","arguments":{},"_meta":{${BARE}}},"jsonrpc":"2.0","id":0}
< {"jsonrpc":"2.0","id":0,"error":{"code":-32021,"message":"Cannot request input 'who' (elicitation/create)","data":{"requiredCapabilities":{"elicitation":{"form":{}}}}}}`,

  'progress and logs': `${PROBE}
> {"method":"tools/call","params":{"name":"slow","arguments":{},"_meta":{${M},"io.modelcontextprotocol/logLevel":"debug","progressToken":13}},"jsonrpc":"2.0","id":13}
< {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":13,"progress":1,"total":2}}
< {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"step 1"}}
< {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":13,"progress":2,"total":2}}
< {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"step 2"}}
< {"result":{"content":[{"type":"text","text":"done"}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":13}`,

  'a call that is cancelled, and one whose answer crosses its cancellation': `${PROBE}
> {"method":"tools/call","params":{"name":"long","arguments":{},"_meta":{${M},"progressToken":15}},"jsonrpc":"2.0","id":15}
! wait
> {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":15,"reason":"SdkError: Request timed out","_meta":{${M}}}}
< {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":15,"progress":1}}
> {"method":"tools/call","params":{"name":"long","arguments":{},"_meta":{${M}}},"jsonrpc":"2.0","id":16}
> {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":16,"reason":"SdkError: Request timed out","_meta":{${M}}}}
< {"result":{"content":[{"type":"text","text":"done"}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":16}
> {"method":"tools/call","params":{"name":"long","arguments":{},"_meta":{${M}}},"jsonrpc":"2.0","id":17}
< {"result":{"content":[{"type":"text","text":"done"}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":17}
> {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":17,"reason":"SdkError: Request timed out","_meta":{${M}}}}`,

  'two subscriptions, of which the client leaves one': `${PROBE}${LISTEN}
> {"jsonrpc":"2.0","id":"listen:1","method":"subscriptions/listen","params":{"_meta":{${M}},"notifications":{"toolsListChanged":true,"promptsListChanged":true,"resourceSubscriptions":["mem:a"]}}}
< {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"notifications":{"toolsListChanged":true,"promptsListChanged":true,"resourceSubscriptions":["mem:a"]},"_meta":{${SUBSCRIPTION}:"listen:1"}}}
> {"method":"tools/call","params":{"name":"add_tool","_meta":{${M}}},"jsonrpc":"2.0","id":16}
< {"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{${SUBSCRIPTION}:"listen:0"}}}
< {"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{${SUBSCRIPTION}:"listen:1"}}}
< {"result":{"content":[{"type":"text","text":"added"}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":16}
> {"method":"tools/call","params":{"name":"touch","_meta":{${M}}},"jsonrpc":"2.0","id":17}
< {"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"uri":"mem:a","_meta":{${SUBSCRIPTION}:"listen:1"}}}
< {"result":{"content":[{"type":"text","text":"touched"}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":17}
> {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"listen:1","_meta":{${M}}}}
> {"method":"tools/call","params":{"name":"touch","_meta":{${M}}},"jsonrpc":"2.0","id":18}
< {"result":{"content":[{"type":"text","text":"touched"}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":18}`,

  'a subscription that is open when the input ends': `${PROBE}${LISTEN}${LEAVE}`,

  'a subscription that the server ends': `${PROBE}${LISTEN}
< {"jsonrpc":"2.0","id":"listen:0","result":{"resultType":"complete","_meta":{${SUBSCRIPTION}:"listen:0","io.modelcontextprotocol/serverInfo":{"name":"srv","version":"1.0.0"}}}}
! exit 0`,
};

const PYTHON_PROBE = `
> {"jsonrpc":"2.0","id":1,"method":"server/discover","params":{"_meta":{${P}}}}
< {"jsonrpc":"2.0","id":1,"result":{"cacheScope":"private","capabilities":{"prompts":{"listChanged":true},"resources":{"listChanged":true,"subscribe":true},"tools":{"listChanged":true}},"resultType":"complete","supportedVersions":["2026-07-28"],"ttlMs":0,${S}}}`;

const PYTHON: Readonly<Record<string, string>> = {
  'calls, of which one needs input': `${PYTHON_PROBE}
> {"jsonrpc":"2.0","id":11,"method":"tools/call","params":{"name":"nope","arguments":{},"_meta":{${P}}}}
< {"jsonrpc":"2.0","id":11,"result":{"content":[{"text":"Unknown tool: nope","type":"text"}],"isError":true,"resultType":"complete",${S}}}
> {"jsonrpc":"2.0","id":13,"method":"tools/call","params":{"name":"ask","arguments":{},"_meta":{${P}}}}
< {"jsonrpc":"2.0","id":13,"result":{"inputRequests":{"__main__:ask_who":{"method":"elicitation/create","params":{"message":"who?","mode":"form","requestedSchema":{"properties":{"name":{"title":"Name","type":"string"}},"required":["name"],"type":"object"}}}},"requestState":"v1.UU4ju3LXL03psNuVox9UZR","resultType":"input_required",${S}}}
> {"jsonrpc":"2.0","id":14,"method":"tools/call","params":{"inputResponses":{"__main__:ask_who":{"action":"accept","content":{"name":"Ann"}}},"requestState":"v1.UU4ju3LXL03psNuVox9UZR","name":"ask","arguments":{},"_meta":{${P}}}}
< {"jsonrpc":"2.0","id":14,"result":{"content":[{"text":"hello Ann","type":"text"}],"isError":false,"resultType":"complete",${S}}}
> {"jsonrpc":"2.0","id":15,"method":"tools/call","params":{"name":"ask2","arguments":{},"_meta":{${P}}}}
< {"jsonrpc":"2.0","id":15,"error":{"code":-32600,"message":"Cannot send 'elicitation/create': this transport context has no back-channel for server-initiated requests."}}`,

  'a log level with every request, and a cancellation that says nothing of its version': `${PYTHON_PROBE}
> {"jsonrpc":"2.0","id":17,"method":"tools/call","params":{"name":"slow","arguments":{},"_meta":{${P},"progressToken":17,"io.modelcontextprotocol/logLevel":"debug"}}}
< {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":17,"progress":1,"total":2}}
< {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"step 1"}}
< {"jsonrpc":"2.0","id":17,"result":{"content":[{"text":"done","type":"text"}],"isError":false,"resultType":"complete",${S}}}
> {"jsonrpc":"2.0","id":19,"method":"tools/call","params":{"name":"long","arguments":{},"_meta":{${P},"io.modelcontextprotocol/logLevel":"debug"}}}
> {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":19,"reason":"timed out after 0.2s"}}`,

  'a subscription whose end crosses its last news': `${PYTHON_PROBE}
> {"jsonrpc":"2.0","id":"listen-1","method":"subscriptions/listen","params":{"notifications":{"toolsListChanged":true,"resourceSubscriptions":["http://example.com"]},"_meta":{${P}}}}
< {"jsonrpc":"2.0","method":"notifications/subscriptions/acknowledged","params":{"_meta":{${SUBSCRIPTION}:"listen-1"},"notifications":{"toolsListChanged":true,"resourceSubscriptions":["http://example.com"]}}}
> {"jsonrpc":"2.0","id":22,"method":"tools/call","params":{"name":"touch","arguments":{},"_meta":{${P}}}}
> {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":"listen-1","reason":"caller cancelled"}}
< {"jsonrpc":"2.0","method":"notifications/resources/updated","params":{"_meta":{${SUBSCRIPTION}:"listen-1"},"uri":"http://example.com"}}
< {"jsonrpc":"2.0","id":22,"result":{"content":[{"text":"touched","type":"text"}],"isError":false,"resultType":"complete",${S}}}`,
};

const EITHER: Readonly<Record<string, string>> = {
  'a client of both eras at a legacy server': `
> {"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover","params":{"_meta":{${M}}}}
< {"jsonrpc":"2.0","id":"server-discover-probe-1","error":{"code":-32601,"message":"Method not found"}}${INITIALIZE}
> {"method":"tools/call","params":{"name":"add_tool"},"jsonrpc":"2.0","id":3}
< {"method":"notifications/tools/list_changed","jsonrpc":"2.0"}
< {"result":{"content":[{"type":"text","text":"added later"}]},"jsonrpc":"2.0","id":3}`,

  'a client of both eras at a legacy server that is silent, and answers the probe too late': `
> {"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover","params":{"_meta":{${M}}}}
! wait${INITIALIZE}
< {"jsonrpc":"2.0","id":"server-discover-probe-1","error":{"code":-32602,"message":"Invalid request parameters","data":""}}
> {"method":"tools/call","params":{"name":"add_tool"},"jsonrpc":"2.0","id":3}
< {"result":{"content":[{"type":"text","text":"added later"}]},"jsonrpc":"2.0","id":3}`,

  'a legacy client at a server of both eras': `${INITIALIZE}
> {"method":"tools/list","jsonrpc":"2.0","id":1}
< {"result":{${TOOLS}},"jsonrpc":"2.0","id":1}
> {"method":"tools/call","params":{"name":"ask","arguments":{}},"jsonrpc":"2.0","id":10}
< {"method":"elicitation/create","params":{"message":"who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}}},"mode":"form","_meta":{"progressToken":0}},"jsonrpc":"2.0","id":0}
> {"result":{"action":"accept","content":{"name":"Ann"}},"jsonrpc":"2.0","id":0}
< {"method":"roots/list","params":{"_meta":{"progressToken":1}},"jsonrpc":"2.0","id":1}
> {"result":{"roots":[{"uri":"file:///r","name":"r"}]},"jsonrpc":"2.0","id":1}
< {"result":{"content":[{"type":"text","text":"hello Ann"}]},"jsonrpc":"2.0","id":10}
> {"method":"tools/call","params":{"name":"slow","arguments":{},"_meta":{"progressToken":12}},"jsonrpc":"2.0","id":12}
< {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":12,"progress":1,"total":2}}
< {"jsonrpc":"2.0","method":"notifications/message","params":{"level":"info","data":"step 1"}}
< {"result":{"content":[{"type":"text","text":"done"}]},"jsonrpc":"2.0","id":12}
> {"method":"tools/call","params":{"name":"long","arguments":{}},"jsonrpc":"2.0","id":14}
> {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":14,"reason":"SdkError: Request timed out"}}
> {"method":"tools/call","params":{"name":"add_tool"},"jsonrpc":"2.0","id":15}
< {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}
< {"result":{"content":[{"type":"text","text":"added"}]},"jsonrpc":"2.0","id":15}
> {"method":"ping","jsonrpc":"2.0","id":19}
< {"result":{},"jsonrpc":"2.0","id":19}`,

  'a legacy client at a modern server': `
> {"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{},"clientInfo":{"name":"c","version":"1"}},"jsonrpc":"2.0","id":0}
< {"jsonrpc":"2.0","id":0,"error":{"code":-32022,"message":"Unsupported protocol version: 2025-11-25","data":{"supported":["2026-07-28"],"requested":"2025-11-25"}}}`,

  'both eras on one pipe': `${INITIALIZE}${PROBE}${LISTEN}
> {"method":"tools/call","params":{"name":"add_tool"},"jsonrpc":"2.0","id":3}
< {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}
< {"jsonrpc":"2.0","method":"notifications/tools/list_changed","params":{"_meta":{${SUBSCRIPTION}:"listen:0"}}}
< {"result":{"content":[{"type":"text","text":"added"}]},"jsonrpc":"2.0","id":3}
> {"method":"tools/call","params":{"name":"echo","arguments":{"text":"hi"},"_meta":{${M}}},"jsonrpc":"2.0","id":4}
< {"result":{"content":[{"type":"text","text":"hi"}],"resultType":"complete",${S}},"jsonrpc":"2.0","id":4}`,
};

describe.each([
  ['honest modern peers', MODERN],
  ['honest modern peers in Python', PYTHON],
  ['honest peers of two eras', EITHER],
])('%s', (_peers, conversations) => {
  it.each(Object.entries(conversations))('%s: no error and no warning', (_name, transcript) => {
    const ended = transcript.includes('! exit') ? transcript : transcript + LEAVE;
    // A call that was given up is still waiting when its server is told to end, which is worth an info at most.
    expect(findingsIn(ended).filter(({ level }) => level !== 'info')).toEqual([]);
  });
});
