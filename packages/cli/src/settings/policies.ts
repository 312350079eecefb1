import { resolve } from 'node:path'
import { type Hex, type Policy, policyDigest, policyDocument, ZERO_DIGEST } from '@witan/protocol'
import { readPolicyFile } from '@witan/runtime'
import type { CommandContext } from '../command/context.js'
import { option, toggle, usageError } from '../command/option.js'
import { asText } from '../command/parse.js'

export interface NamedPolicy {
  readonly digest: Hex
  readonly policy: Policy
  /** Its canonical JSON: the content of `<digest>.json`. */
  readonly document: string
}

/** For a person. */
export const policyText = (digest: Hex): string => (digest === ZERO_DIGEST ? 'no policy' : `policy ${digest}`)

/** Which policy a command proposes. */
export const policyOptions = {
  file: option.optional('--file <file>', 'the policy, YAML or JSON', asText),
  none: toggle('--none', 'no policy of its own any more'),
} as const

/** Throws `POLICY_INVALID`, or what is wrong with the file. */
export function readPolicy(file: string, { directory }: CommandContext): NamedPolicy {
  const policy = readPolicyFile(resolve(directory, file))
  return { digest: policyDigest(policy), policy, document: policyDocument(policy) }
}

/** The digest to propose; zero for none. */
export function chosenPolicy(file: string | undefined, none: boolean, context: CommandContext): Hex {
  if ((file === undefined) === !none) throw usageError('Give either --file or --none')
  return file === undefined ? ZERO_DIGEST : readPolicy(file, context).digest
}
