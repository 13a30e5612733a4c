// What every official client does with Parley: one agent sends, the other waits, reads and follows.
import assert from 'node:assert/strict';

const names = ['send_agent_message', 'check_messages', 'list_agents', 'post_to_channel', 'read_channel', 'sessions_spawn', 'sessions_send', 'sessions_list', 'subagents', 'meeting'];
const inbox = 'parley://inbox';

const said = result => {
  assert.ok(!result.isError, JSON.stringify(result));
  return JSON.parse(result.content[0].text);
};

const within = (promise, seconds, what) => {
  let timer;
  const limit = new Promise((_, reject) => { timer = setTimeout(() => reject(new Error(`Waited in vain for ${what}`)), seconds * 1000); });
  return Promise.race([promise, limit]).finally(() => clearTimeout(timer));
};

async function callEachTool(tesla, aaron, run) {
  const contacts = said(await tesla.call('list_agents'));
  assert.equal(contacts.you, tesla.agent);
  assert.ok(contacts.agents.some(agent => agent.name === aaron.agent));
  assert.equal(said(await tesla.call('send_agent_message', { to: aaron.agent, message: `hello of ${run}`, type: 'status' })).verdict, 'accepted');
  said(await tesla.call('post_to_channel', { channel: 'general', message: `posted by ${run}` }));
  assert.ok(said(await tesla.call('read_channel', { channel: 'general' })).messages.some(message => message.text === `posted by ${run}`));
  const spawned = said(await tesla.call('sessions_spawn', { agentId: tesla.agent, task: `work of ${run}`, label: run }));
  assert.equal(spawned.status, 'accepted');
  assert.ok(said(await tesla.call('sessions_list')).sessions.some(session => session.sessionKey === spawned.sessionKey));
  assert.ok(said(await tesla.call('subagents', { action: 'log', sessionKey: spawned.sessionKey })).entries.length > 0);
  assert.ok(said(await tesla.call('sessions_send', { sessionKey: `agent:${aaron.agent}:main`, message: `ready, ${run}?`, wait: 0 })).status);
  said(await tesla.call('meeting', { name: `room-${run}`, message: `said by ${run}` }));
  assert.ok(said(await tesla.call('meeting', { name: `room-${run}` })).messages.some(message => message.text === `said by ${run}`));
  said(await tesla.call('check_messages'));
}

async function beRefused(tesla) {
  const refused = await tesla.call('send_agent_message', { to: 'nobody', message: 'hi' });
  assert.equal(refused.isError, true);
  const refusal = JSON.parse(refused.content[0].text);
  assert.equal(refusal.code, 'unknown_recipient');
  assert.ok(refusal.fix.length > 0);
  await assert.rejects(tesla.call('no_such_tool'), /no tool 'no_such_tool'/);
}

// Reads until nothing is left, and acknowledges it.
async function readAll(client) {
  let cursor, read;
  do {
    read = said(await client.call('check_messages', cursor ? { cursor } : {}));
    cursor = read.cursor;
  } while (read.messages.length > 0);
  return cursor;
}

async function waitWithProgress(tesla, aaron, run) {
  const cursor = await readAll(aaron);
  let told;
  const progress = new Promise(resolve => { told = resolve; });
  const waiting = aaron.call('check_messages', { cursor, wait_seconds: 60 }, { onprogress: told, timeout: 25_000, resetTimeoutOnProgress: true });
  waiting.catch(() => {});
  const first = await within(progress, 25, 'progress');
  assert.ok(first.progress > 0 && first.progress <= 20, `progress came after ${first.progress} s`);
  said(await tesla.call('send_agent_message', { to: aaron.agent, message: `late news of ${run}` }));
  const got = said(await within(waiting, 30, 'the message'));
  assert.deepEqual(got.messages.map(message => message.text), [`late news of ${run}`]);
}

async function giveUp(aaron) {
  const given = new AbortController();
  const cursor = await readAll(aaron);
  const waiting = aaron.call('check_messages', { cursor, wait_seconds: 60 }, { signal: given.signal });
  setTimeout(() => given.abort(), 300);
  await assert.rejects(waiting);
  said(await aaron.call('list_agents'));
}

async function follow(tesla, aaron, run) {
  await readAll(aaron);
  let told;
  const updated = new Promise(resolve => { told = resolve; });
  const stop = await aaron.follow(inbox, uri => uri === inbox && told());
  said(await tesla.call('send_agent_message', { to: aaron.agent, message: `told of ${run}` }));
  await within(updated, 30, 'an update of the inbox');
  const read = await aaron.read(inbox);
  assert.ok(JSON.parse(read.contents[0].text).messages.some(message => message.text === `told of ${run}`));
  await stop();
}

export async function run(open, name) {
  const tesla = await open(`tesla-${name}`);
  const aaron = await open(`aaron-${name}`);
  assert.deepEqual((await tesla.tools()).map(tool => tool.name), names);
  await callEachTool(tesla, aaron, name);
  await beRefused(tesla);
  const prompts = await tesla.prompts();
  assert.deepEqual(prompts.map(prompt => prompt.name), ['request', 'completed', 'clarify', 'decline']);
  const prompt = await tesla.prompt('decline', { to: aaron.agent, reason: 'it is late', recommendation: 'ask tomorrow' });
  assert.match(prompt.messages[0].content.text, /I can't complete this because it is late\./);
  assert.ok((await aaron.resources()).some(resource => resource.uri === inbox));
  await follow(tesla, aaron, name);
  await giveUp(aaron);
  await waitWithProgress(tesla, aaron, name);
  await tesla.close();
  await aaron.close();
  console.log(`ok ${name} ${tesla.version()}`);
}
