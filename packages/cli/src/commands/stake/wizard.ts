import type { ChainClient, Intent, MetagraphNeuron, StakePosition } from '@witan/chain'
import { type Address, WitanError } from '@witan/protocol'
import { defineCommand } from '../../command/command.js'
import { toggle } from '../../command/option.js'
import { formatDuration, formatTokens } from '../../output/numbers.js'
import { netuidOption, networkOptions, openNetwork } from '../../settings/connection.js'
import { type Dialogue, openDialogue } from '../../settings/dialogue.js'
import { keyOption, passwordFileOption } from '../../settings/keys.js'
import { renderCalls, renderSent, senderAddress, sendIntents } from '../../settings/sending.js'
import { type Lines, positionLines, validatorLines, validatorsOf } from './wizard-tables.js'

type Action = 'add' | 'move' | 'remove'

const ACTIONS: readonly { readonly action: Action; readonly text: string }[] = [
  { action: 'add', text: 'add stake to a validator' },
  { action: 'move', text: 'move stake from one validator to another' },
  { action: 'remove', text: 'take stake out' },
]

interface Setting {
  readonly client: ChainClient
  readonly account: Address
  readonly dialogue: Dialogue
  chooseValidator(question: string): Promise<MetagraphNeuron>
}

export const stakeWizard = defineCommand({
  path: ['stake', 'wizard'],
  summary: 'Add, move or take out stake by answering questions; needs a terminal',
  options: {
    ...networkOptions,
    netuid: netuidOption,
    key: keyOption('that sends and pays'),
    passwordFile: passwordFileOption,
    dryRun: toggle('--dry-run', 'show what would be sent and what it would do, and send nothing'),
  },
  examples: ['stake wizard --key owner', 'stake wizard --netuid 2 --key owner --dry-run'],
  async run({ netuid, ...rest }, context) {
    const dialogue = openDialogue(context, '`stake add`, `stake move` or `stake remove`')
    const values = { ...rest, yes: false }
    const client = await openNetwork(values, context)
    const account = await senderAddress(values, context)
    const metagraph = await client.metagraph(netuid, { signal: context.signal })
    const validators = validatorsOf(metagraph.neurons)
    const chooseValidator = (question: string) =>
      chooseRow(dialogue, question, validators, validatorLines(validators, metagraph, context.terminal.columns))
    if (validators.length === 0) throw nothing('The subnet has no validator', account)
    const texts = ACTIONS.map(({ text }) => text)
    const { action } = await dialogue.choose('What do you want to do?', ACTIONS, texts)
    const setting: Setting = { client, account, dialogue, chooseValidator }
    const intents = await (action === 'add'
      ? addIntents(setting)
      : positionIntents(action, setting, context.terminal.columns))
    const tried = await sendIntents(client, intents, { ...values, dryRun: true }, context)
    if (values.dryRun) return { action, ...tried }
    // What it costs is told before the question.
    dialogue.say(renderCalls(tried))
    return { action, ...(await sendIntents(client, intents, values, context)) }
  },
  render: ({ action: _, ...sent }) => renderSent(sent),
})

/** The head of the table stands above the lines to choose from, as far in as they do. */
function chooseRow<T>(dialogue: Dialogue, question: string, rows: readonly T[], [head, ...lines]: Lines): Promise<T> {
  return dialogue.choose(`${question}\n  ${head}`, rows, lines)
}

async function addIntents({ client, account, dialogue, chooseValidator }: Setting): Promise<Intent[]> {
  const balance = await client.money.balance(account)
  if (balance === 0n) throw nothing('The account has no tokens to stake', account)
  const { nodeId } = await chooseValidator('Which validator?')
  const amountWei = await dialogue.amount('How many tokens?', balance)
  const approvals = await client.approvals({ owner: account, spender: 'vault', amountWei })
  return [...approvals, client.intents.stake(nodeId, amountWei)]
}

async function positionIntents(action: 'move' | 'remove', setting: Setting, columns: number): Promise<Intent[]> {
  const { client, account, dialogue } = setting
  const positions = (await client.vault.positionsOf(account)).filter(({ assets }) => assets > 0n)
  if (positions.length === 0) throw nothing('The account has no stake', account)
  const { timestamp } = await client.latestBlock()
  const lines = positionLines(positions, timestamp, columns)
  const position = await chooseRow(dialogue, 'Which stake?', positions, lines)
  const shares = await sharesWanted(setting, position)
  if (action === 'remove') {
    const seconds = await client.vault.unbondingSeconds()
    dialogue.say(
      `It is paid ${formatDuration(seconds)} later, with \`witan stake withdraw\`, and earns nothing meanwhile.`,
    )
    return [client.intents.requestUnstake(position.nodeId, shares)]
  }
  const { nodeId } = await setting.chooseValidator('To which validator?')
  const seconds = await client.vault.moveLockSeconds()
  dialogue.say(`It cannot move on for ${formatDuration(seconds)}, and stays liable for the validator it leaves.`)
  return [client.intents.redelegate(position.nodeId, nodeId, shares)]
}

async function sharesWanted({ client, dialogue }: Setting, { nodeId, assets, shares }: StakePosition): Promise<bigint> {
  const amountWei = await dialogue.amount('How many tokens?', assets)
  return amountWei === assets ? shares : client.vault.toSharesDown(nodeId, amountWei)
}

function nothing(message: string, account: Address): WitanError {
  return new WitanError('INSUFFICIENT_STAKE', message, { facts: { account, held: formatTokens(0n) } })
}
