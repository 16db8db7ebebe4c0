import { type Family, family } from '../check.ts';
import { ALL } from '../rule.ts';

/** What SDK clients wait for an answer, in microseconds. */
const MAX_WAIT_US = 60_000_000;

/** How a server's process ends, and what it leaves behind. */
export const process: Family = family(
  {
    'process/lost-request': {
      title: 'A server answers what it was asked before its process ends',
      level: 'error',
      versions: ALL,
      spec: { legacy: 'basic', modern: 'basic/transports/stdio' },
      fix: 'Catch what goes wrong inside a tool and answer with a result that has isError; the stderr of the process says what it was.',
      clients: 'SDK clients say "Connection closed" and leave out the exit code, the signal and stderr.',
    },
    'process/unanswered': {
      title: 'A server answers what it was asked before it follows the end of its input',
      level: 'info',
      versions: ALL,
      fix: 'Finish what is in flight before the process ends, where the client can wait for it.',
    },
    'process/never-answered': {
      title: 'A request is answered, or called off, within a minute',
      level: 'warning',
      versions: ALL,
      fix: 'Answer every request, if need be with an error; send notifications/progress where work takes long.',
      clients: 'SDK clients give up after 60 s and send notifications/cancelled.',
    },
    'process/exit-status': {
      title: 'A server that was not stopped ends with status 0',
      level: 'warning',
      versions: ALL,
      fix: 'Read the stderr of the process; end with status 0 where nothing went wrong.',
      clients: 'SDK clients discard the exit code and the signal.',
    },
    'process/ignored-end-of-input': {
      title: 'A server ends by itself when its input ends',
      level: 'warning',
      versions: ALL,
      spec: { legacy: 'basic/lifecycle', modern: 'basic/transports/stdio' },
      fix: 'End the process when stdin ends (process.stdin.on("end", …); in Python leave the read loop at the end of the file).',
      clients: 'SDK clients wait 2 s, send SIGTERM, wait 2 s more and send SIGKILL: every restart takes that long.',
    },
  },
  (report) => ({
    end: ({ us, waiting }) => {
      for (const { frame, method, version } of waiting) {
        const waited = us - frame.endUs;
        if (waited < MAX_WAIT_US) continue;
        const what = `The server had not answered ${method} after ${Math.round(waited / 1_000_000)} s`;
        report('process/never-answered', { frame, from: 'server', version }, what);
      }
    },
    exit: ({ code, signal, asked, waiting, atProbe, stderr, version, ignoredEof }) => {
      const how = signal === null ? `status ${code ?? 'unknown'}` : signal;
      const said = stderr === undefined ? '' : `; its stderr ends: ${stderr}`;
      for (const { frame, method } of waiting) {
        const place = { frame, from: 'server' as const, version };
        if (asked === undefined)
          report('process/lost-request', place, `The server ended (${how}) before it answered ${method}${said}`);
        else report('process/unanswered', place, `The server was told to end before it answered ${method}`);
      }
      const place = { from: 'server' as const, version };
      // Where requests were lost, how it ended is told with them.
      if (asked === undefined && waiting.length === 0 && !atProbe && (code !== 0 || signal !== null))
        report('process/exit-status', place, `The server ended by itself with ${how}${said}`, { quote: stderr });
      if (ignoredEof)
        report(
          'process/ignored-end-of-input',
          place,
          `The server ran on when its input had ended, and a signal was needed to end it (${how})`,
        );
    },
  }),
);
