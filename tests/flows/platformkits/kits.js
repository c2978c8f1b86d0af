// What the platforms' own packages say. One question as JSON on standard input, one answer as JSON on standard output.
'use strict';

const line = require('@line/bot-sdk');
const twilio = require('twilio');
const { getExpectedTwilioSignature } = require('twilio/lib/webhooks/webhooks');

const questions = {
  // {token, url, params} -> {signature}
  twilioSign: async ({ token, url, params }) => ({ signature: getExpectedTwilioSignature(token, url, params) }),
  // {token, url, params, signature} -> {valid}
  twilioValidate: async ({ token, url, params, signature }) => ({ valid: twilio.validateRequest(token, signature, url, params) }),
  // {secret, body, signature} -> {valid}
  lineValidate: async ({ secret, body, signature }) => ({ valid: line.validateSignature(body, secret, signature) }),
  // {base, token, to, text, key} -> {id} or {status}
  linePush: async ({ base, token, to, text, key }) => {
    const client = new line.messagingApi.MessagingApiClient({ channelAccessToken: token, baseURL: base });
    try {
      const sent = await client.pushMessage({ to, messages: [{ type: 'text', text }] }, key);
      return { id: sent.sentMessages[0].id };
    } catch (error) {
      return { status: error.status ?? 0, body: error.body };
    }
  },
};

let input = '';
process.stdin.on('data', (piece) => { input += piece; });
process.stdin.on('end', async () => {
  const { question, ...values } = JSON.parse(input);
  process.stdout.write(JSON.stringify(await questions[question](values)));
});
