// The library of Standard Webhooks for JavaScript believes a call of Parley, and none that was changed. PARLEY_TEST is the call as JSON.
import assert from 'node:assert/strict';
import { Webhook } from 'standardwebhooks';

const test = JSON.parse(process.env.PARLEY_TEST);
const told = new Webhook(test.secret).verify(test.body, test.headers);
assert.equal(told.type, 'inbox.message');
assert.equal(told.data.agent, 'aaron');
assert.throws(() => new Webhook(test.secret).verify(test.body.replace('aaron', 'tesla'), test.headers));
assert.throws(() => new Webhook(test.other).verify(test.body, test.headers));
assert.throws(() => new Webhook(test.secret).verify(test.body, { ...test.headers, 'webhook-id': 'msg_other' }));
console.log('ok standardwebhooks');
