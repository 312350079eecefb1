import t from 'tap'
import { outputRefusal, type Policy, type PolicySubject, policyRefusal, policyRefused } from '../src/index.js'

const policy: Policy = {
  version: 1,
  tasks: ['digits', 'generate'],
  input: { maxBytes: 10, mediaTypes: ['application/octet-stream', 'text/plain'] },
  output: { maxBytes: 20, mediaTypes: ['text/plain'] },
  refuse: [{ name: 'no-greeting', contains: 'Hello' }],
  gate: null,
  notice: null,
  retentionSeconds: 0,
}
const bytes = (text: string) => new TextEncoder().encode(text)
const subject = (change: Partial<PolicySubject> = {}): PolicySubject => {
  const plain = { task: 'generate', inputMediaType: 'text/plain', outputMediaType: 'text/plain' }
  return { ...plain, input: bytes('good'), ...change }
}

t.test('the first rule that a request breaks, with what it has there', async (t) => {
  t.equal(policyRefusal(policy, subject()), undefined)
  t.equal(policyRefusal(policy, subject({ input: new Uint8Array(10) })), undefined)
  const refused: [PolicySubject, string, string | number][] = [
    [subject({ task: 'recognize-text' }), 'tasks', 'recognize-text'],
    [subject({ input: new Uint8Array(11) }), 'input.maxBytes', 11],
    [subject({ inputMediaType: 'image/png' }), 'input.mediaTypes', 'image/png'],
    [subject({ outputMediaType: 'application/json' }), 'output.mediaTypes', 'application/json'],
    [subject({ input: bytes('a hELLo!') }), 'refuse', 'no-greeting'],
  ]
  for (const [request, rule, value] of refused) {
    t.same(policyRefusal(policy, request), { rule, value }, rule)
  }
})

t.test('patterns are for text, and empty lists allow everything', async (t) => {
  const picture = subject({ inputMediaType: 'application/octet-stream', input: bytes('hello') })
  t.equal(policyRefusal(policy, picture), undefined, 'bytes that happen to spell it')
  const any = { ...policy, input: { maxBytes: 10, mediaTypes: [] }, output: { maxBytes: 20, mediaTypes: [] } }
  t.equal(policyRefusal(any, subject({ inputMediaType: 'image/png', outputMediaType: 'image/png' })), undefined)
})

t.test('outputs, and the error that tells of it', async (t) => {
  t.equal(outputRefusal(policy, 20), undefined)
  const refusal = outputRefusal(policy, 21)!
  t.same(refusal, { rule: 'output.maxBytes', value: 21 })
  t.match(policyRefused(refusal), {
    code: 'POLICY_REFUSED',
    exitCode: 77,
    facts: refusal,
    message: 'The policy refuses the request: output.maxBytes (21)',
  })
})
