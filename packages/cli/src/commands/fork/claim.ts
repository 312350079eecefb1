import { openFork } from '@witan/chain'
import { defineCommand } from '../../command/command.js'
import { option, usageError } from '../../command/option.js'
import { asAddress, asNode, asPositiveAmount } from '../../command/parse.js'
import { formatTokens } from '../../output/numbers.js'
import { openNetwork } from '../../settings/connection.js'
import { exportOption, readExport } from '../../settings/fork-export.js'
import { resolveNode } from '../../settings/node.js'
import { renderSent, senderAddress, sendIntents, sendOptions } from '../../settings/sending.js'

export const forkClaim = defineCommand({
  path: ['fork', 'claim'],
  summary: 'Claim in a fork what an account had, once: as tokens, or staked on a node at once',
  options: {
    ...sendOptions,
    export: exportOption,
    account: option.optional('--account <address>', 'for whom (default: the key); it gets the tokens', asAddress),
    stake: option.optional('--stake <operator|id>', 'the node to stake on; only for the key itself', asNode),
    amount: option.optional('--amount <tokens>', 'how much to stake (default: what was staked)', asPositiveAmount),
  },
  examples: [
    'fork claim --export network-120000.json --key owner',
    'fork claim --export network-120000.json --stake 0x… --key owner --dry-run',
    'fork claim --export network-120000.json --account 0x… --key friend',
  ],
  async run({ export: file, account: named, stake, amount, ...values }, context) {
    if (amount !== undefined && stake === undefined) throw usageError('--amount is for --stake: a claim pays all')
    const body = readExport(file, context)
    const client = await openNetwork(values, context)
    const [fork, sender] = await Promise.all([openFork(client, body), senderAddress(values, context)])
    const account = named ?? sender
    if (stake !== undefined && account !== sender) throw usageError('only an account itself stakes what it claims')
    const { liquid, staked } = fork.trees.claim(account)
    const stakeWei = stake === undefined ? 0n : (amount ?? staked)
    if (stake !== undefined && stakeWei === 0n) {
      throw usageError(`${account} had no stake: say with --amount how much of its tokens to stake`)
    }
    const intent =
      stake === undefined
        ? fork.intents.claim(account)
        : fork.intents.claimAndStake(sender, await resolveNode(client, stake), stakeWei)
    return { account, liquid, staked, stakeWei, ...(await sendIntents(client, [intent], values, context)) }
  },
  render: ({ account, liquid, staked, ...sent }) =>
    [`${account} had ${formatTokens(liquid)} free tokens and ${formatTokens(staked)} in stake`, renderSent(sent)].join(
      '\n',
    ),
})
