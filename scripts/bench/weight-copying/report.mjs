import { COPIERS } from './copiers.mjs'
import { MINER_KINDS } from './miners.mjs'
import { ALPHAS, DILUTED_PENALTIES, DUST, LEVERS, PENALTIES } from './rules.mjs'

const CELL = 22

export function printReport({ plan, grid, levers, dilution }) {
  console.log(
    `Dividends per stake, copier over honest mean: median of ${plan.seeds} seeds (min … max).\n` +
      `${plan.honest} honest validators, 1 copier of equal stake, ${plan.miners} miners, epochs ${plan.warmUp} … ${plan.epochs - 1}.`,
  )
  for (const alpha of Object.keys(ALPHAS)) {
    printHeader(`\n${alpha}`, ['noise', 'copier of', ...PENALTIES.map((penalty) => `bondsPenalty ${penalty}`)])
    for (const kind of MINER_KINDS)
      for (const noise of plan.noises)
        for (const copier of COPIERS) {
          const found = PENALTIES.map((penalty) =>
            grid.find(
              (cell) =>
                cell.kind === kind &&
                cell.noise === noise &&
                cell.copier === copier &&
                cell.alpha === alpha &&
                cell.penalty === penalty,
            ),
          )
          printRow([kind, noise, copier, ...found.map(span)])
        }
  }
  const cases = MINER_KINDS.flatMap((kind) => plan.leverNoises.map((noise) => ({ kind, noise })))
  console.log('\ncopier of the mean, one lever at a time')
  console.log(`${''.padEnd(34)}${cases.map(({ kind, noise }) => `${kind} ${noise}`.padEnd(CELL)).join('')}`)
  for (const lever of Object.keys(LEVERS)) {
    const found = cases.map(({ kind, noise }) =>
      levers.find((cell) => cell.lever === lever && cell.kind === kind && cell.noise === noise),
    )
    console.log(`${lever.padEnd(34)}${found.map((cell) => span(cell).padEnd(CELL)).join('')}`)
  }

  console.log('\nnot a copier but a validator of a tenth of the miners, with voters of next to no stake for the others')
  console.log(
    `${'voters'.padEnd(8)}${DILUTED_PENALTIES.map((penalty) => `bondsPenalty ${penalty}`.padEnd(CELL)).join('')}`,
  )
  for (const dust of DUST) {
    const found = DILUTED_PENALTIES.map((penalty) =>
      dilution.find((cell) => cell.dust === dust && cell.penalty === penalty),
    )
    console.log(`${String(dust).padEnd(8)}${found.map((cell) => span(cell).padEnd(CELL)).join('')}`)
  }
}

function printHeader(title, columns) {
  console.log(title)
  printRow(['miners', ...columns])
}

function printRow([kind, noise, copier, ...cells]) {
  const [a, b, c] = [String(kind).padEnd(8), String(noise).padEnd(7), String(copier).padEnd(11)]
  console.log(`${a}${b}${c}${cells.map((cell) => cell.padEnd(CELL)).join('')}`)
}

function span({ ratio: { median, min, max } }) {
  return `${median.toFixed(3)} (${min.toFixed(3)} … ${max.toFixed(3)})`
}
