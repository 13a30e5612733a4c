// The official client of 1.0: node client-1.mjs JSONRPC|HTTP+JSON, with PARLEY_TEST as JSON.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ListTasksRequest, SendMessageRequest, TaskState } from '@a2a-js/sdk';
import { ClientFactory, ClientFactoryOptions, DefaultAgentCardResolver, JsonRpcTransportFactory, RestTransportFactory } from '@a2a-js/sdk/client';

const [binding] = process.argv.slice(2);
const test = JSON.parse(process.env.PARLEY_TEST);
const authorized = (url, init = {}) => fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), Authorization: `Bearer ${test.token}` } });
const factory = new ClientFactory(ClientFactoryOptions.createFrom(ClientFactoryOptions.default, {
  transports: [new JsonRpcTransportFactory({ fetchImpl: authorized }), new RestTransportFactory({ fetchImpl: authorized })],
  preferredTransports: [binding],
  cardResolver: new DefaultAgentCardResolver(),
}));

const request = (text, task, configuration) => SendMessageRequest.fromJSON({
  message: { messageId: randomUUID(), role: 'ROLE_USER', parts: [{ text }], taskId: task?.id, contextId: task?.contextId }, configuration,
});
const text = holder => holder.parts.map(part => part.content.value).join('');

const client = await factory.createFromUrl(`${test.url}a2a/aaron/`);
assert.equal(client.protocol ?? binding, binding);

// A plain answer completes the task; the call waits for it.
const plain = await client.sendMessage(request('plain'));
assert.equal(plain.status.state, TaskState.TASK_STATE_COMPLETED);
assert.equal(text(plain.artifacts[0]), 'plain!');
assert.equal(text(plain.history[0]), 'plain');

// The agent asks, and goes on with the answer.
const asked = await client.sendMessage(request('ask'));
assert.equal(asked.status.state, TaskState.TASK_STATE_INPUT_REQUIRED);
assert.equal(text(asked.status.message), 'How many?');
const booked = await client.sendMessage(request('Four', asked));
assert.equal(booked.id, asked.id);
assert.equal(booked.status.state, TaskState.TASK_STATE_COMPLETED);
assert.equal(text(booked.artifacts[0]), 'Booked for Four');

// Artifacts in chunks, streamed.
const told = [];
for await (const { payload } of client.sendMessageStream(request('chunks'))) {
  told.push(payload.$case === 'artifactUpdate' ? `${text(payload.value.artifact)}${payload.value.append ? '+' : ''}${payload.value.lastChunk ? '!' : ''}`
    : payload.$case === 'statusUpdate' ? payload.value.status.state : payload.$case);
}
assert.deepEqual(told, ['task', TaskState.TASK_STATE_WORKING, 'Roses are red, ', 'violets are blue+!', TaskState.TASK_STATE_COMPLETED]);

// Rejection.
const rejected = await client.sendMessage(request('reject'));
assert.equal(rejected.status.state, TaskState.TASK_STATE_REJECTED);

// Return at once, subscribe, cancel; cancellation is final.
const open = await client.sendMessage(request('silent', undefined, { returnImmediately: true }));
assert.equal(open.status.state, TaskState.TASK_STATE_SUBMITTED);
const seen = [];
for await (const { payload } of client.resubscribeTask({ id: open.id, tenant: '' })) {
  seen.push(payload.$case);
  if (payload.$case === 'task') {
    const canceled = await client.cancelTask({ id: open.id, tenant: '' });
    assert.equal(canceled.status.state, TaskState.TASK_STATE_CANCELED);
  }
}
assert.deepEqual(seen, ['task', 'statusUpdate']);
await assert.rejects(client.cancelTask({ id: open.id, tenant: '' }), { name: 'TaskNotCancelableError' });
await assert.rejects(client.sendMessage(request('more', open)), { name: 'UnsupportedOperationError' });
await assert.rejects(client.getTask({ id: randomUUID(), tenant: '' }), { name: 'TaskNotFoundError' });

// Reading, with a bounded history, and in pages.
const read = await client.getTask({ id: booked.id, tenant: '', historyLength: 1 });
assert.equal(read.history.length, 1);
const page = await client.listTasks(ListTasksRequest.fromJSON({ pageSize: 2, includeArtifacts: true }));
assert.equal(page.tasks.length, 2);
assert.equal(page.totalSize, 5);
const rest = await client.listTasks(ListTasksRequest.fromJSON({ pageSize: 50, pageToken: page.nextPageToken }));
assert.equal(rest.tasks.length, 3);
assert.equal(rest.nextPageToken, '');

// The card after authentication; the server itself answers with a message.
const card = await client.getAgentCard();
assert.equal(card.capabilities.extensions[0].uri, 'urn:parley:link');
const directory = await factory.createFromUrl(test.url);
const here = await directory.sendMessage(request('Who is here?'));
assert.match(text({ parts: here.parts.slice(0, 1) }), /\/a2a\/aaron/);
console.log(`ok ${binding}`);
