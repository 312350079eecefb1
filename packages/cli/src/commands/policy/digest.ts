import { mkdir } from 'node:fs/promises'
import { join, resolve } from 'node:path'
import { writeFileAtomic } from '@witan/chain'
import { canonicalJson, type Json, POLICY_LIMITS, policyDigest } from '@witan/protocol'
import { parsePolicy } from '@witan/runtime'
import { defineCommand } from '../../command/command.js'
import { option } from '../../command/option.js'
import { asText } from '../../command/parse.js'
import { readInputFile } from '../../settings/read-input.js'

export const policyDigestCommand = defineCommand({
  path: ['policy', 'digest'],
  summary: 'Check a policy document and tell the digest that the stakers vote for',
  options: {
    file: option.required('--file <file>', 'the document, JSON', asText),
    out: option.optional('--out <folder>', 'write it there as nodes look for it: <digest>.json', asText),
  },
  examples: ['policy digest --file policy.json', 'policy digest --file policy.json --out policies'],
  async run({ file, out }, context) {
    const bytes = readInputFile(file, POLICY_LIMITS.maxDocumentBytes, context)
    const policy = parsePolicy(new TextDecoder().decode(bytes))
    const digest = policyDigest(policy)
    if (out === undefined) return { digest, policy, written: null }
    const folder = resolve(context.directory, out)
    await mkdir(folder, { recursive: true })
    const written = join(folder, `${digest}.json`)
    const document = `${canonicalJson(policy as unknown as Json)}\n`
    await writeFileAtomic(written, document, { mode: 0o644, overwrite: true })
    return { digest, policy, written }
  },
  render: ({ digest, written }) => (written === null ? digest : `${digest}\nwritten to ${written}`),
})
