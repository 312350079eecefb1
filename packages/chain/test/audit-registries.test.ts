// Models, data sets, payments and decisions on a real chain, rebuilt from events; then one word of each ledger is
// falsified behind the contract's back, and the audit names it.
import t from 'tap'
import { abis, type ContractName } from '@witan/contracts'
import { interfaceOf } from '../src/abi/interface-of.js'
import { type AuditReport, auditNetwork, type Section } from '../src/index.js'
import { ACTORS, liveBusily, ROLE } from './support/busy-network.js'
import { keyOf } from './support/keys.js'
import { startLocalChain } from './support/local-chain.js'
import { startPlay } from './support/play.js'

t.setTimeout(290_000)

const differing = ({ sections }: AuditReport) => sections.flatMap(({ differences }) => differences)

const local = await startLocalChain(['deployer', ...ACTORS])
t.teardown(() => local.stop())
const play = await startPlay(local)
const { chain } = play
await liveBusily(play)

t.test('what happened is what is stored, at the end and on the way', async (t) => {
  const report = await auditNetwork(chain, { pageBlocks: 11 })
  for (const { section, compared, differing } of report.sections) t.comment(section, compared, differing)
  t.strictSame(differing(report), [])
  t.ok(
    report.sections.every(({ compared }) => compared > 0),
    'every section compared something',
  )
  for (const back of [3, 40, 75]) {
    t.strictSame(differing(await auditNetwork(chain, { block: report.block - back })), [], `${back} blocks before`)
  }
})
