import { type CallableFunction, type ChainClient, callableFunctions, type NamedCall } from '@witan/chain'
import type { Dialogue } from '../../settings/dialogue.js'
import type { NamedProposal } from './proposing.js'

const MAX_TITLE = 200
const MAX_REASON = 10_000

/** Asks what is to be proposed: call by call with its arguments, then a title and why. */
export async function askForProposal(
  client: ChainClient,
  dialogue: Dialogue,
  maxCalls: number,
): Promise<NamedProposal> {
  const calls: NamedCall[] = []
  do calls.push(await askForCall(client, dialogue))
  while (calls.length < maxCalls && (await dialogue.choose('Another call?', [false, true], ['no', 'yes'])))
  const title = await dialogue.line('Title?', (line) => textOf(line, MAX_TITLE))
  const reason = await dialogue.line('Why, for everybody to read?', (line) => textOf(line, MAX_REASON))
  return { description: `${title}\n\n${reason}`, calls }
}

async function askForCall(client: ChainClient, dialogue: Dialogue): Promise<NamedCall> {
  const { contractsByAddress } = await client.companions()
  const contracts = [...new Set(contractsByAddress.values())]
    .filter((name) => callableFunctions(name).length > 0)
    .sort()
  const contract = await dialogue.choose('Which contract is called?', contracts, contracts)
  const functions = callableFunctions(contract)
  const called = await dialogue.choose('Which function?', functions, functions.map(lineOf))
  const args: unknown[] = []
  for (const { name, type, read } of called.args) args.push(await dialogue.line(`${name} (${type})?`, read))
  return { contract, function: called.signature, args }
}

const lineOf = ({ signature, args }: CallableFunction): string =>
  `${signature.split('(')[0]}(${args.map(({ name, type }) => `${type} ${name}`).join(', ')})`

function textOf(line: string, most: number): string {
  const text = line.trim()
  if (text.length > 0 && text.length <= most) return text
  throw new Error(`1 to ${most} characters`)
}
