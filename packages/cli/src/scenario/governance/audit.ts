import { audit } from '../../commands/audit.js'
import type { Stage } from '../stage.js'
import type { GovernanceClaim } from './claims.js'

/** Everything so far, rebuilt from events alone. */
export async function auditEverything(stage: Stage<GovernanceClaim>): Promise<void> {
  const { home, network } = stage.as('deployer')
  const { block, events, sections } = await audit.run({ home, network, block: undefined }, stage.context)
  const differing = sections.reduce((sum, section) => sum + section.differing, 0)
  stage.book.observe('audit', differing === 0, {
    block,
    events,
    differing,
    compared: Object.fromEntries(sections.map(({ section, compared }) => [section, compared])),
    differences: sections.flatMap(({ differences }) => differences).slice(0, 5),
  })
}
