import { defineCommand } from '../../command/command.js'
import { formatShare, formatTime, shorten } from '../../output/numbers.js'
import { type Column, renderTable } from '../../output/table.js'
import { networkOptions, openNetwork } from '../../settings/connection.js'
import { policyText } from '../../settings/policies.js'
import { floorText, modelOption } from '../../settings/registered-model.js'

const BPS = 10_000

export const modelShow = defineCommand({
  path: ['model', 'show'],
  summary: 'Show a registered model: versions, what each was trained on, which is live, its policy and whom it pays',
  options: { ...networkOptions, model: modelOption },
  examples: ['model show --model 1', 'model show --model 1 --json'],
  async run({ model: modelId, ...values }, context) {
    const client = await openNetwork(values, context)
    const { models } = client
    const [model, floor, creators, dataSets] = await Promise.all([
      models.model(modelId),
      models.floorOf(modelId),
      models.creatorsOf(modelId),
      models.dataSetsOf(modelId),
    ])
    const versions = await Promise.all(
      Array.from({ length: model.versions }, async (_, index) => {
        const number = index + 1
        const [version, trainedOn, isAccepted] = await Promise.all([
          models.version(modelId, number),
          models.trainedOn(modelId, number),
          models.isAccepted(modelId, number),
        ])
        return { number, ...version, trainedOn, isAccepted }
      }),
    )
    const { versions: _, ...facts } = model
    return { ...facts, floor: floor ?? null, creators, dataSets, versions }
  },
  render({ modelId, name, owner, netuid, live, policy, floor, creators, dataSets, versions }, { terminal }) {
    const columns: readonly Column<(typeof versions)[number]>[] = [
      { title: 'VERSION', value: ({ number }) => String(number), align: 'right' },
      { title: 'STATE', value: ({ number, retired, isAccepted }) => stateOf(number === live, retired, isAccepted) },
      { title: 'MANIFEST', value: ({ manifest }) => shorten(manifest) },
      { title: 'TRAINED ON', value: ({ trainedOn }) => trainedOn.map(textOf).join(' ') || 'nothing registered' },
      { title: 'PUBLISHED', value: ({ publishedAt }) => formatTime(publishedAt) },
    ]
    const parts = (list: typeof creators) =>
      list.map(({ account, bps }) => `${account} ${formatShare(bps / BPS)}`).join(', ') || 'nobody'
    return [
      `model ${modelId} (${name}) of ${owner} in subnet ${netuid}`,
      policyText(policy),
      floor === null ? 'no floor' : floorText(floor),
      `pays creators ${parts(creators)}; data sets ${parts(dataSets)}`,
      versions.length === 0 ? 'no version yet' : renderTable(columns, versions, terminal.columns),
    ].join('\n')
  },
})

function stateOf(isLive: boolean, isRetired: boolean, isAccepted: boolean): string {
  if (isRetired) return 'retired'
  if (isLive) return 'live'
  return isAccepted ? 'in grace' : 'published'
}

function textOf({ setId, versions }: { readonly setId: bigint; readonly versions: readonly number[] }): string {
  return `${setId}=${versions.join(',')}`
}
