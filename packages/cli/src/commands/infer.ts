import { type ChainClient, openKeystore } from '@witan/chain'
import { MAX_IMAGE_BYTES } from '@witan/inference'
import { type Address, type Hex, WitanError, ZERO_DIGEST } from '@witan/protocol'
import { defineCommand } from '../command/command.js'
import { option } from '../command/option.js'
import { asAddress, asAmount, asBigInteger, asBytes32, asInteger, asText } from '../command/parse.js'
import { formatTokens } from '../output/numbers.js'
import { findAskedModel } from '../settings/asked-model.js'
import { networkOptions, openNetwork } from '../settings/connection.js'
import { openConsumerChannel } from '../settings/consumer-channel.js'
import { type ConsumerPolicy, checkOwnRequest } from '../settings/consumer-policy.js'
import { homeFolder } from '../settings/home.js'
import { keepReceipt, lastRequest, prepareToKeep } from '../settings/kept-receipts.js'
import { keystorePath, passwordFileOption, readPassword } from '../settings/keys.js'
import { readInputFile } from '../settings/read-input.js'

const DEFAULT_TIMEOUT_SECONDS = 30
const MAX_TIMEOUT_SECONDS = 600

export const infer = defineCommand({
  path: ['infer'],
  summary: 'Ask a miner of the network and check its receipt',
  options: {
    ...networkOptions,
    model: option.optional('--model <name>', 'name or version of the model', asText),
    modelId: option.optional('--model-id <number>', 'the registered model: its live version is asked', asBigInteger),
    image: option.required('--image <file>', 'PNG or JPEG file; for a digits model a file of 784 grey values', asText),
    miner: option.optional('--miner <address>', 'operator of the miner to ask (default: the best ranked)', asAddress),
    key: option.withDefault(
      '--key <name>',
      'keystore to ask as: a name in the home folder or a path',
      asText,
      'consumer',
    ),
    passwordFile: passwordFileOption,
    channel: option.optional('--channel <id>', 'payment channel that pays; its node is asked', asBytes32),
    maxPrice: option.withDefault('--max-price <tokens>', 'the most that the answer may cost', asAmount, 0n),
    keep: option.optional('--keep <file>', 'append the receipt and its request to a file, a line each', asText),
    again: option.optional('--again <file>', 'send the last request of such a file again, with the same input', asText),
    timeout: option.withDefault(
      '--timeout <seconds>',
      'how long the miner may take',
      asInteger(1, MAX_TIMEOUT_SECONDS),
      DEFAULT_TIMEOUT_SECONDS,
    ),
  },
  examples: [
    'infer --model ppocr-v4-rec --image x.png',
    'infer --model ppocr-v4-rec --image x.png --json',
    'infer --model-id 1 --image digit.bin',
    'infer --model ppocr-v4-rec --image x.png --channel 0x… --max-price 0.01',
    'infer --model ppocr-v4-rec --image x.png --keep receipts.jsonl --again receipts.jsonl',
  ],
  async run(
    { model, modelId, image, miner, key, passwordFile, channel, maxPrice, keep, again, timeout, ...values },
    context,
  ) {
    const home = homeFolder(values.home, context)
    const input = readInputFile(image, MAX_IMAGE_BYTES, context)
    const asked = await findAskedModel({ model, modelId }, () => openNetwork(values, context), context)
    const { client, netuid, version, manifest } = asked
    const policy = await checkOwnRequest(asked, input, context)
    if (keep !== undefined) prepareToKeep(keep, context)
    const before = again === undefined ? undefined : lastRequest(again, context)
    const wanted = before?.miner ?? (channel === undefined ? miner : await minerOf(client, channel))
    const candidates = await findMiners(client, netuid, wanted)
    const password = readPassword(passwordFile, home, context)
    const { signer, privateKey } = await openKeystore({ path: keystorePath(key, home, context), password })
    const paying = channel && (await openConsumerChannel({ client, channelId: channel, signer, maxPrice, home }))
    // Loaded here: see `miner start`.
    const { askInTurn } = await import('../daemon/ask-in-turn.js')
    const answered = await askInTurn(
      candidates,
      {
        netuid,
        modelVersion: version,
        policy: policy.digest,
        input,
        timeoutMs: timeout * 1000,
        pay: paying?.pay,
        again: before,
        onSigned: keep === undefined ? undefined : (request, signed) => keepReceipt(keep, { request, signed }, context),
      },
      { client, privateKey, consumer: signer.address, context },
    ).catch(async (error) => {
      await paying?.failed(error)
      throw error
    })
    const { neuron, answer } = answered
    await paying?.settled(answer.receipt.receipt)
    if (neuron.incentive === 0) {
      context.terminal.note(
        `uid ${neuron.uid} has no incentive: the receipt proves who answered, not that the answer is good`,
      )
    }
    return {
      model: manifest?.name ?? null,
      modelVersion: version,
      netuid,
      uid: neuron.uid,
      miner: neuron.operator,
      incentive: neuron.incentive,
      text: new TextDecoder().decode(answer.output),
      latencyMs: Math.round(answer.latencyMs),
      timing: answer.timing,
      requestDigest: answer.requestDigest,
      request: answer.request,
      receipt: answer.receipt.receipt,
      proof: answer.receipt.proof,
      batch: answer.receipt.batch,
      verified: true,
      policy,
    }
  },
  render: ({ text, uid, miner, modelVersion, latencyMs, requestDigest, receipt, batch, policy }) =>
    [
      text,
      ...(policy.notice === null ? [] : ['', policy.notice]),
      '',
      `miner     ${miner} (uid ${uid}), ${latencyMs} ms`,
      `model     ${modelVersion}`,
      `policy    ${describePolicy(policy)}`,
      `request   ${requestDigest}`,
      `response  ${receipt.responseDigest}`,
      ...(receipt.price === 0n ? [] : [`price     ${formatTokens(receipt.price, 18)} tokens, by voucher`]),
      `receipt   verified: signed by the miner in a batch of ${batch.count}, root ${batch.root}`,
    ].join('\n'),
})

/** The operator of the node that a channel pays. */
async function minerOf(client: ChainClient, channelId: Hex): Promise<Address> {
  const { nodeId } = await client.payments.channel(channelId)
  return (await client.vault.pool(nodeId)).operator
}

/** The neurons of the subnet with a record, the best ranked first. */
async function findMiners(client: ChainClient, netuid: number, wanted: string | undefined) {
  const { neurons } = await client.metagraph(netuid)
  const candidates = neurons
    .filter(({ record, operator }) => record !== undefined && (wanted === undefined || operator === wanted))
    .sort((a, b) => b.incentive - a.incentive || a.uid - b.uid)
  if (candidates.length > 0) return candidates
  throw new WitanError('MINER_NOT_FOUND', 'No miner of the subnet is announced', {
    facts: { netuid, ...(wanted === undefined ? {} : { miner: wanted }) },
  })
}

function describePolicy({ digest, isChecked }: ConsumerPolicy): string {
  if (digest === ZERO_DIGEST) return 'none decided'
  return isChecked ? `${digest}, checked here too` : `${digest}, checked by the miner only`
}
