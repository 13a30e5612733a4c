// The official client, 1.x: node client-1.mjs http|stdio, with PARLEY_TEST as JSON.
import { Client } from '@modelcontextprotocol/sdk/client/index.js';
import { StdioClientTransport } from '@modelcontextprotocol/sdk/client/stdio.js';
import { StreamableHTTPClientTransport } from '@modelcontextprotocol/sdk/client/streamableHttp.js';
import { ResourceUpdatedNotificationSchema } from '@modelcontextprotocol/sdk/types.js';
import { run } from './flow.mjs';

const [kind] = process.argv.slice(2);
const test = JSON.parse(process.env.PARLEY_TEST);

async function open(agent) {
  const client = new Client({ name: 'official-1', version: '1' });
  const transport = kind === 'http'
    ? new StreamableHTTPClientTransport(new URL(test.url), { requestInit: { headers: { Authorization: `Bearer ${test.tokens[agent]}` } } })
    : new StdioClientTransport({ command: test.command[0], args: [...test.command.slice(1), '--as', agent], env: { ...process.env, ...test.env } });
  await client.connect(transport);
  return {
    agent,
    version: () => transport.protocolVersion ?? '',
    tools: async () => (await client.listTools()).tools,
    prompts: async () => (await client.listPrompts()).prompts,
    prompt: (name, values) => client.getPrompt({ name, arguments: values }),
    resources: async () => (await client.listResources()).resources,
    read: uri => client.readResource({ uri }),
    call: (name, values = {}, options = {}) => client.callTool({ name, arguments: values }, undefined, options),
    follow: async (uri, told) => {
      client.setNotificationHandler(ResourceUpdatedNotificationSchema, update => told(update.params.uri));
      await client.subscribeResource({ uri });
      return () => client.unsubscribeResource({ uri });
    },
    close: () => client.close(),
  };
}

await run(open, `1-${kind}`);
