// The official client, 2.x: node client-2.mjs http|stdio auto|legacy, with PARLEY_TEST as JSON.
import { Client, StreamableHTTPClientTransport } from '@modelcontextprotocol/client';
import { StdioClientTransport } from '@modelcontextprotocol/client/stdio';
import { run } from './flow.mjs';

const [kind, mode] = process.argv.slice(2);
const test = JSON.parse(process.env.PARLEY_TEST);

async function open(agent) {
  const client = new Client({ name: 'official-2', version: '1' }, { versionNegotiation: { mode } });
  const transport = kind === 'http'
    ? new StreamableHTTPClientTransport(new URL(test.url), { requestInit: { headers: { Authorization: `Bearer ${test.tokens[agent]}` } } })
    : new StdioClientTransport({ command: test.command[0], args: [...test.command.slice(1), '--as', agent], env: { ...process.env, ...test.env } });
  await client.connect(transport);
  const version = client.getNegotiatedProtocolVersion();
  return {
    agent,
    version: () => version,
    tools: async () => (await client.listTools()).tools,
    prompts: async () => (await client.listPrompts()).prompts,
    prompt: (name, values) => client.getPrompt({ name, arguments: values }),
    resources: async () => (await client.listResources()).resources,
    read: uri => client.readResource({ uri }),
    call: (name, values = {}, options = {}) => client.callTool({ name, arguments: values }, options),
    follow: async (uri, told) => {
      client.setNotificationHandler('notifications/resources/updated', update => told(update.params.uri));
      if (version < '2026') {
        await client.subscribeResource({ uri });
        return () => client.unsubscribeResource({ uri });
      }

      const listening = await client.listen({ resourceSubscriptions: [uri] });
      return () => listening.close();
    },
    close: () => client.close(),
  };
}

await run(open, `2-${kind}-${mode}`);
