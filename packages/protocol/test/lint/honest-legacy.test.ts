import { describe, expect, it } from 'vitest';

import { findingsIn, lines } from './transcript.ts';

// What stock peers said to each other, recorded once: @modelcontextprotocol/sdk 1.32.2, @modelcontextprotocol/client and
// server 2.4.0, and the Python package mcp 2.3.0, each with a small server that uses what it has. Shortened to what differs.

const OPENED = String.raw`
  > {"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{"listChanged":true},"sampling":{},"elicitation":{}},"clientInfo":{"name":"test","version":"1.0.0"}},"jsonrpc":"2.0","id":0}
  < {"result":{"protocolVersion":"2025-11-25","capabilities":{"logging":{},"resources":{"subscribe":true,"listChanged":true},"tasks":{"list":{},"cancel":{},"requests":{"tools":{"call":{}}}},"tools":{"listChanged":true},"completions":{},"prompts":{"listChanged":true}},"serverInfo":{"name":"v1","version":"1.0.0"}},"jsonrpc":"2.0","id":0}
  > {"method":"notifications/initialized","jsonrpc":"2.0"}`;

const END = lines('! eof', '! exit 0');

const CALLS = lines(
  OPENED,
  String.raw`
  > {"method":"tools/list","jsonrpc":"2.0","id":1}
  < {"result":{"tools":[{"name":"slow","description":"Tells progress","inputSchema":{"type":"object","properties":{"steps":{"type":"number"}},"required":["steps"]},"execution":{"taskSupport":"forbidden"}},{"name":"hang","description":"Waits until cancelled","inputSchema":{"type":"object","properties":{}},"execution":{"taskSupport":"forbidden"}},{"name":"logs","description":"Logs","inputSchema":{"type":"object","properties":{}},"execution":{"taskSupport":"forbidden"}},{"name":"ask","description":"Asks the client","inputSchema":{"type":"object","properties":{}},"execution":{"taskSupport":"forbidden"}},{"name":"add_tool","description":"adds","inputSchema":{"type":"object","properties":{}},"execution":{"taskSupport":"forbidden"}}]},"jsonrpc":"2.0","id":1}
  > {"method":"ping","jsonrpc":"2.0","id":2}
  < {"result":{},"jsonrpc":"2.0","id":2}
  > {"method":"tools/call","params":{"name":"slow","arguments":{"steps":2},"_meta":{"progressToken":5}},"jsonrpc":"2.0","id":5}
  > {"method":"tools/call","params":{"name":"slow","arguments":{"steps":2},"_meta":{"progressToken":6}},"jsonrpc":"2.0","id":6}
  < {"method":"notifications/progress","params":{"progressToken":5,"progress":1,"total":2},"jsonrpc":"2.0"}
  < {"method":"notifications/progress","params":{"progressToken":5,"progress":2,"total":2},"jsonrpc":"2.0"}
  < {"result":{"content":[{"type":"text","text":"done"}]},"jsonrpc":"2.0","id":5}
  < {"method":"notifications/progress","params":{"progressToken":6,"progress":1,"total":2},"jsonrpc":"2.0"}
  < {"method":"notifications/progress","params":{"progressToken":6,"progress":2,"total":2},"jsonrpc":"2.0"}
  < {"result":{"content":[{"type":"text","text":"done"}]},"jsonrpc":"2.0","id":6}
  > {"method":"tools/call","params":{"name":"hang","arguments":{}},"jsonrpc":"2.0","id":7}
  > {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"user"}}
  > {"method":"tools/call","params":{"name":"hang","arguments":{}},"jsonrpc":"2.0","id":8}
  > {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":8,"reason":"McpError: MCP error -32001: Request timed out"}}
  > {"method":"tools/call","params":{"name":"logs","arguments":{}},"jsonrpc":"2.0","id":9}
  < {"method":"notifications/message","params":{"level":"info","data":"hello"},"jsonrpc":"2.0"}
  < {"result":{"content":[{"type":"text","text":"logged"}]},"jsonrpc":"2.0","id":9}
  > {"method":"tools/call","params":{"name":"ask","arguments":{}},"jsonrpc":"2.0","id":10}
  < {"method":"elicitation/create","params":{"message":"who?","requestedSchema":{"type":"object","properties":{"name":{"type":"string"}},"required":["name"]},"mode":"form"},"jsonrpc":"2.0","id":0}
  > {"result":{"action":"accept","content":{"name":"Ann"}},"jsonrpc":"2.0","id":0}
  < {"method":"sampling/createMessage","params":{"messages":[{"role":"user","content":{"type":"text","text":"hi"}}],"maxTokens":10},"jsonrpc":"2.0","id":1}
  > {"result":{"model":"m","stopReason":"endTurn","role":"assistant","content":{"type":"text","text":"hello"}},"jsonrpc":"2.0","id":1}
  < {"method":"roots/list","jsonrpc":"2.0","id":2}
  > {"result":{"roots":[{"uri":"file:///work","name":"work"}]},"jsonrpc":"2.0","id":2}
  < {"method":"ping","jsonrpc":"2.0","id":3}
  > {"result":{},"jsonrpc":"2.0","id":3}
  < {"result":{"content":[{"type":"text","text":"asked"}]},"jsonrpc":"2.0","id":10}
  > {"method":"tools/call","params":{"name":"add_tool","arguments":{}},"jsonrpc":"2.0","id":11}
  < {"method":"notifications/tools/list_changed","jsonrpc":"2.0"}
  < {"result":{"content":[{"type":"text","text":"added"}]},"jsonrpc":"2.0","id":11}`,
  END,
);

const FEATURES = lines(
  OPENED,
  String.raw`
  > {"method":"logging/setLevel","params":{"level":"debug"},"jsonrpc":"2.0","id":3}
  < {"result":{},"jsonrpc":"2.0","id":3}
  > {"method":"resources/list","jsonrpc":"2.0","id":14}
  < {"result":{"resources":[{"uri":"notes://all","name":"notes","description":"n"}]},"jsonrpc":"2.0","id":14}
  > {"method":"resources/read","params":{"uri":"notes://all"},"jsonrpc":"2.0","id":15}
  < {"result":{"contents":[{"uri":"notes://all","text":"x"}]},"jsonrpc":"2.0","id":15}
  > {"method":"resources/templates/list","jsonrpc":"2.0","id":16}
  < {"result":{"resourceTemplates":[]},"jsonrpc":"2.0","id":16}
  > {"method":"resources/subscribe","params":{"uri":"notes://all"},"jsonrpc":"2.0","id":17}
  < {"result":{},"jsonrpc":"2.0","id":17}
  < {"method":"notifications/resources/updated","params":{"uri":"notes://all"},"jsonrpc":"2.0"}
  > {"method":"resources/unsubscribe","params":{"uri":"notes://all"},"jsonrpc":"2.0","id":18}
  < {"result":{},"jsonrpc":"2.0","id":18}
  > {"method":"prompts/list","jsonrpc":"2.0","id":19}
  < {"result":{"prompts":[{"name":"greet","description":"g","arguments":[{"name":"name","required":true}]}]},"jsonrpc":"2.0","id":19}
  > {"method":"prompts/get","params":{"name":"greet","arguments":{"name":"Ann"}},"jsonrpc":"2.0","id":20}
  < {"result":{"messages":[{"role":"user","content":{"type":"text","text":"hi Ann"}}]},"jsonrpc":"2.0","id":20}
  > {"method":"completion/complete","params":{"ref":{"type":"ref/prompt","name":"greet"},"argument":{"name":"name","value":"A"}},"jsonrpc":"2.0","id":21}
  < {"result":{"completion":{"values":["Ann","Bob"],"total":2,"hasMore":false}},"jsonrpc":"2.0","id":21}
  > {"method":"notifications/roots/list_changed","jsonrpc":"2.0"}`,
  END,
);

const TASKS = lines(
  OPENED,
  String.raw`
  > {"method":"tools/list","jsonrpc":"2.0","id":1}
  < {"result":{"tools":[{"name":"later_task","description":"task","inputSchema":{"type":"object","properties":{"ms":{"type":"number"}},"required":["ms"]},"execution":{"taskSupport":"required"}}]},"jsonrpc":"2.0","id":1}
  > {"method":"tools/call","params":{"name":"later_task","arguments":{"ms":120},"task":{"ttl":60000}},"jsonrpc":"2.0","id":22}
  < {"result":{"task":{"taskId":"t1","status":"working","ttl":60000,"createdAt":"2026-11-26T13:00:25.823Z","lastUpdatedAt":"2026-11-26T13:00:25.823Z","pollInterval":50}},"jsonrpc":"2.0","id":22}
  > {"method":"tasks/get","params":{"taskId":"t1","task":{"ttl":60000}},"jsonrpc":"2.0","id":23}
  < {"result":{"taskId":"t1","status":"working","ttl":60000,"createdAt":"2026-11-26T13:00:25.823Z","lastUpdatedAt":"2026-11-26T13:00:25.823Z","pollInterval":50},"jsonrpc":"2.0","id":23}
  < {"method":"notifications/tasks/status","params":{"taskId":"t1","status":"completed","ttl":60000,"createdAt":"2026-11-26T13:00:25.823Z","lastUpdatedAt":"2026-11-26T13:00:25.944Z","pollInterval":50},"jsonrpc":"2.0"}
  > {"method":"tasks/get","params":{"taskId":"t1","task":{"ttl":60000}},"jsonrpc":"2.0","id":26}
  < {"result":{"taskId":"t1","status":"completed","ttl":60000,"createdAt":"2026-11-26T13:00:25.823Z","lastUpdatedAt":"2026-11-26T13:00:25.944Z","pollInterval":50},"jsonrpc":"2.0","id":26}
  > {"method":"tasks/result","params":{"taskId":"t1","task":{"ttl":60000}},"jsonrpc":"2.0","id":27}
  < {"result":{"content":[{"type":"text","text":"late"}],"_meta":{"io.modelcontextprotocol/related-task":{"taskId":"t1"}}},"jsonrpc":"2.0","id":27}
  > {"method":"tools/call","params":{"name":"later_task","arguments":{"ms":5000},"task":{"ttl":1000}},"jsonrpc":"2.0","id":28}
  < {"result":{"task":{"taskId":"t2","status":"working","ttl":1000,"createdAt":"2026-11-26T13:00:26.005Z","lastUpdatedAt":"2026-11-26T13:00:26.005Z","pollInterval":50}},"jsonrpc":"2.0","id":28}
  > {"method":"tasks/cancel","params":{"taskId":"t2"},"jsonrpc":"2.0","id":29}
  < {"result":{"_meta":{},"taskId":"t2","status":"cancelled","ttl":1000,"createdAt":"2026-11-26T13:00:26.005Z","lastUpdatedAt":"2026-11-26T13:00:26.006Z","pollInterval":50,"statusMessage":"Client cancelled task execution."},"jsonrpc":"2.0","id":29}
  > {"method":"tasks/list","jsonrpc":"2.0","id":30}
  < {"result":{"tasks":[{"taskId":"t1","status":"completed","ttl":60000,"createdAt":"2026-11-26T13:00:25.823Z","lastUpdatedAt":"2026-11-26T13:00:25.944Z","pollInterval":50},{"taskId":"t2","status":"cancelled","ttl":1000,"createdAt":"2026-11-26T13:00:26.005Z","lastUpdatedAt":"2026-11-26T13:00:26.006Z","pollInterval":50,"statusMessage":"Client cancelled task execution."}],"_meta":{}},"jsonrpc":"2.0","id":30}
  > {"method":"tasks/cancel","params":{"taskId":"t2"},"jsonrpc":"2.0","id":31}
  < {"jsonrpc":"2.0","id":31,"error":{"code":-32602,"message":"MCP error -32602: Cannot cancel task in terminal status: cancelled"}}`,
  END,
);

const PROBE = lines(
  String.raw`
  > {"jsonrpc":"2.0","id":"server-discover-probe-1","method":"server/discover","params":{"_meta":{"io.modelcontextprotocol/protocolVersion":"2026-07-28","io.modelcontextprotocol/clientInfo":{"name":"test","version":"1.0.0"},"io.modelcontextprotocol/clientCapabilities":{"roots":{"listChanged":true},"sampling":{},"elicitation":{}}}}}
  < {"jsonrpc":"2.0","id":"server-discover-probe-1","error":{"code":-32601,"message":"Method not found"}}`,
  OPENED,
  String.raw`
  > {"method":"tools/list","jsonrpc":"2.0","id":1}
  < {"result":{"tools":[{"name":"slow","description":"Tells progress","inputSchema":{"type":"object","properties":{"steps":{"type":"number"}},"required":["steps"]},"execution":{"taskSupport":"forbidden"}}]},"jsonrpc":"2.0","id":1}
  > {"method":"tools/call","params":{"name":"slow","arguments":{"steps":3},"_meta":{"progressToken":4}},"jsonrpc":"2.0","id":4}
  < {"method":"notifications/progress","params":{"progressToken":4,"progress":1,"total":3},"jsonrpc":"2.0"}
  < {"method":"notifications/progress","params":{"progressToken":4,"progress":2,"total":3},"jsonrpc":"2.0"}
  < {"method":"notifications/progress","params":{"progressToken":4,"progress":3,"total":3},"jsonrpc":"2.0"}
  < {"result":{"content":[{"type":"text","text":"done"}]},"jsonrpc":"2.0","id":4}`,
  END,
);

const SERVER_2 = lines(
  String.raw`
  > {"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{"listChanged":true},"sampling":{},"elicitation":{}},"clientInfo":{"name":"test","version":"1.0.0"}},"jsonrpc":"2.0","id":0}
  < {"result":{"protocolVersion":"2025-11-25","capabilities":{"logging":{},"resources":{"subscribe":true,"listChanged":true},"tools":{"listChanged":true},"completions":{},"prompts":{"listChanged":true}},"serverInfo":{"name":"v2","version":"1.0.0"}},"jsonrpc":"2.0","id":0}
  > {"method":"notifications/initialized","jsonrpc":"2.0"}
  > {"method":"tools/list","jsonrpc":"2.0","id":1}
  < {"result":{"tools":[{"name":"slow","description":"Tells progress","inputSchema":{"type":"object","$schema":"https://json-schema.org/draft/2020-12/schema","properties":{"steps":{"type":"number"}},"required":["steps"]}},{"name":"hang","description":"Waits until cancelled","inputSchema":{"type":"object","properties":{}}},{"name":"add_tool","description":"adds","inputSchema":{"type":"object","properties":{}}}]},"jsonrpc":"2.0","id":1}
  > {"method":"tools/call","params":{"name":"slow","arguments":{"steps":2},"_meta":{"progressToken":5}},"jsonrpc":"2.0","id":5}
  > {"method":"tools/call","params":{"name":"slow","arguments":{"steps":2},"_meta":{"progressToken":6}},"jsonrpc":"2.0","id":6}
  < {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":5,"progress":1,"total":2}}
  < {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":6,"progress":1,"total":2}}
  < {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":5,"progress":2,"total":2}}
  < {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":6,"progress":2,"total":2}}
  < {"result":{"content":[{"type":"text","text":"done"}]},"jsonrpc":"2.0","id":5}
  < {"result":{"content":[{"type":"text","text":"done"}]},"jsonrpc":"2.0","id":6}
  > {"method":"tools/call","params":{"name":"hang","arguments":{}},"jsonrpc":"2.0","id":7}
  > {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"user"}}
  > {"method":"tools/call","params":{"name":"hang","arguments":{}},"jsonrpc":"2.0","id":8}
  > {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":8,"reason":"McpError: MCP error -32001: Request timed out"}}
  > {"method":"tools/call","params":{"name":"add_tool","arguments":{}},"jsonrpc":"2.0","id":11}
  < {"jsonrpc":"2.0","method":"notifications/tools/list_changed"}
  < {"result":{"content":[{"type":"text","text":"added"}]},"jsonrpc":"2.0","id":11}`,
  END,
);

const PYTHON = lines(
  String.raw`
  > {"method":"initialize","params":{"protocolVersion":"2025-11-25","capabilities":{"roots":{"listChanged":true},"sampling":{},"elicitation":{}},"clientInfo":{"name":"test","version":"1.0.0"}},"jsonrpc":"2.0","id":0}
  < {"jsonrpc":"2.0","id":0,"result":{"capabilities":{"prompts":{"listChanged":false},"resources":{"listChanged":false,"subscribe":false},"tools":{"listChanged":false}},"protocolVersion":"2025-11-25","serverInfo":{"name":"py","version":""}}}
  > {"method":"notifications/initialized","jsonrpc":"2.0"}
  > {"method":"tools/list","jsonrpc":"2.0","id":1}
  < {"jsonrpc":"2.0","id":1,"result":{"tools":[{"description":"Tells progress","inputSchema":{"properties":{"steps":{"title":"Steps","type":"integer"}},"required":["steps"],"type":"object","title":"slowArguments"},"name":"slow","outputSchema":{"properties":{"result":{"title":"Result","type":"string"}},"required":["result"],"type":"object","title":"slowOutput"}},{"description":"Waits","inputSchema":{"properties":{},"type":"object","title":"hangArguments"},"name":"hang","outputSchema":{"properties":{"result":{"title":"Result","type":"string"}},"required":["result"],"type":"object","title":"hangOutput"}},{"description":"throws","inputSchema":{"properties":{},"type":"object","title":"failArguments"},"name":"fail","outputSchema":{"properties":{"result":{"title":"Result","type":"string"}},"required":["result"],"type":"object","title":"failOutput"}}]}}
  > {"method":"tools/call","params":{"name":"slow","arguments":{"steps":2},"_meta":{"progressToken":5}},"jsonrpc":"2.0","id":5}
  > {"method":"tools/call","params":{"name":"slow","arguments":{"steps":2},"_meta":{"progressToken":6}},"jsonrpc":"2.0","id":6}
  < {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":5,"progress":1,"total":2}}
  < {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":5,"progress":2,"total":2}}
  < {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":6,"progress":1,"total":2}}
  < {"jsonrpc":"2.0","id":5,"result":{"content":[{"text":"done","type":"text"}],"isError":false,"structuredContent":{"result":"done"}}}
  < {"jsonrpc":"2.0","method":"notifications/progress","params":{"progressToken":6,"progress":2,"total":2}}
  < {"jsonrpc":"2.0","id":6,"result":{"content":[{"text":"done","type":"text"}],"isError":false,"structuredContent":{"result":"done"}}}
  > {"method":"tools/call","params":{"name":"hang","arguments":{}},"jsonrpc":"2.0","id":7}
  > {"jsonrpc":"2.0","method":"notifications/cancelled","params":{"requestId":7,"reason":"user"}}
  > {"method":"tools/call","params":{"name":"fail","arguments":{}},"jsonrpc":"2.0","id":13}
  < {"jsonrpc":"2.0","id":13,"result":{"content":[{"text":"Error executing tool fail","type":"text"}],"isError":true}}`,
  END,
);

const HONEST = {
  'a 1.x client that calls, cancels and is asked by its 1.x server': CALLS,
  'a 1.x client that reads, subscribes and completes': FEATURES,
  'a 1.x client that runs tools as tasks': TASKS,
  'a 2.x client that finds out that its server is legacy': PROBE,
  'a 1.x client and a 2.x server, which announces a change before it answers': SERVER_2,
  'a 1.x client and a Python server': PYTHON,
};

describe('an honest legacy conversation has no errors and no warnings', () => {
  it.each(Object.entries(HONEST))('%s', (_, transcript) => {
    expect(findingsIn(transcript).filter(({ level }) => level !== 'info')).toEqual([]);
  });
});
