/** The results as a table for people. */
export function printReport({ machine, plan, results, model }) {
  console.log(`${machine.cpu}, ${machine.cores} cores, Node ${machine.node}`)
  console.log(`${plan.rounds} rounds of ${plan.durationMs} ms each; medians, ± largest deviation of a round\n`)
  const rows = [
    ['bytes', 'in flight', 'infer with receipts', 'p50 ms', 'p99 ms', 'fastify + undici', 'p50 ms', 'p99 ms', 'ratio'],
  ]
  for (const { bytes, inFlight, witan, http, ratio } of results) {
    rows.push([bytes, inFlight, ...cells(witan), ...cells(http), ratio.toFixed(2)])
  }
  rows.push([model.bytes, model.inFlight, ...cells(model.witan), model.name, '', '', ''])
  printTable(rows)
}

function cells({ requestsPerSecond, spread, p50Ms, p99Ms }) {
  return [`${Math.round(requestsPerSecond)}/s ± ${Math.round(spread * 100)} %`, p50Ms.toFixed(2), p99Ms.toFixed(2)]
}

function printTable(rows) {
  const texts = rows.map((row) => row.map(String))
  const widths = texts[0].map((_, column) => Math.max(...texts.map((row) => row[column].length)))
  for (const row of texts) console.log(row.map((cell, column) => cell.padStart(widths[column])).join('  '))
}
