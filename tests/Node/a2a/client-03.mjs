// The last official client of 0.3, with PARLEY_TEST as JSON: it reads the same card and speaks at the same address, without a version.
import assert from 'node:assert/strict';
import { randomUUID } from 'node:crypto';
import { ClientFactory, ClientFactoryOptions, JsonRpcTransportFactory, TaskNotCancelableError, TaskNotFoundError } from 'a2a-sdk-0.3/client';

const test = JSON.parse(process.env.PARLEY_TEST);
const authorized = (url, init = {}) => fetch(url, { ...init, headers: { ...Object.fromEntries(new Headers(init.headers)), Authorization: `Bearer ${test.token}` } });
const factory = new ClientFactory(ClientFactoryOptions.createFrom(ClientFactoryOptions.default, { transports: [new JsonRpcTransportFactory({ fetchImpl: authorized })] }));
const message = (text, task) => ({ message: { kind: 'message', messageId: randomUUID(), role: 'user', parts: [{ kind: 'text', text }], ...(task && { taskId: task.id, contextId: task.contextId }) } });
const text = holder => holder.parts.map(part => part.text).join('');

const client = await factory.createFromUrl(`${test.url}a2a/aaron/`);

const plain = await client.sendMessage(message('plain'));
assert.equal(plain.kind, 'task');
assert.equal(plain.status.state, 'completed');
assert.equal(text(plain.artifacts[0]), 'plain!');

const asked = await client.sendMessage(message('ask'));
assert.equal(asked.status.state, 'input-required');
assert.equal(text(asked.status.message), 'How many?');
const booked = await client.sendMessage(message('Four', asked));
assert.equal(text(booked.artifacts[0]), 'Booked for Four');

const told = [];
for await (const event of client.sendMessageStream(message('chunks'))) {
  told.push(event.kind === 'artifact-update' ? text(event.artifact) : event.kind === 'status-update' ? `${event.status.state} ${event.final}` : event.kind);
}
assert.deepEqual(told, ['task', 'working false', 'Roses are red, ', 'violets are blue', 'completed true']);

const open = await client.sendMessage({ ...message('silent'), configuration: { blocking: false, acceptedOutputModes: [] } });
assert.equal(open.status.state, 'submitted');
const seen = [];
for await (const event of client.resubscribeTask({ id: open.id })) {
  seen.push(event.kind);
  if (event.kind === 'task') {
    assert.equal((await client.cancelTask({ id: open.id })).status.state, 'canceled');
  }
}
assert.deepEqual(seen, ['task', 'status-update']);
await assert.rejects(client.cancelTask({ id: open.id }), TaskNotCancelableError);
await assert.rejects(client.getTask({ id: randomUUID() }), TaskNotFoundError);
assert.equal((await client.getTask({ id: booked.id, historyLength: 1 })).history.length, 1);
assert.equal((await client.getAgentCard()).name, 'aaron');
const directory = await factory.createFromUrl(test.url);
assert.equal((await directory.sendMessage(message('Who is here?'))).kind, 'message');
console.log('ok 0.3');
