import type { Policy } from '@witan/protocol'
import { readYamlSource } from '../config/yaml-source.js'
import { parsePolicy } from './parse-policy.js'

/** A policy from a YAML or JSON file. Throws `POLICY_INVALID`, or what is wrong with the file. */
export function readPolicyFile(path: string): Policy {
  const { content } = readYamlSource(path, 'policy')
  return parsePolicy(JSON.stringify(content, (_, value) => (typeof value === 'bigint' ? Number(value) : value)))
}
