import { formatDuration, formatTime, formatTokens } from '../../output/numbers.js'
import type { quoteRegistration } from './registration-quote.js'

export interface OwnStanding {
  readonly uid: number
  readonly nodeId: bigint
  readonly operator: string
  /** How many go before it; null: immune or vacant. */
  readonly pruningRank: number | null
  readonly immuneUntil: number | null
}

type Quote = ReturnType<typeof quoteRegistration> & { readonly own: OwnStanding | null }

const tokens = (wei: bigint) => formatTokens(wei, 6)
/** Pay is small where a subnet is large. */
const part = (pay: number) => `${(pay * 100).toFixed(4)} %`

/** A quote for people: a fact a line, its name in front. */
export function renderQuote(quote: Quote, trendEpochs: number): string {
  const facts: [name: string, value: string][] = [
    ['price now', `${tokens(quote.price)} tokens; ${tokens(quote.priceAfter)} right after the next registration`],
    ...quote.priceLater.map(({ halfLives, seconds, price }): [string, string] => {
      const wait = `in ${formatDuration(seconds)}`
      return [
        wait,
        `${tokens(price)} tokens if nobody registers (${halfLives} half-li${halfLives === 1 ? 'fe' : 'ves'})`,
      ]
    }),
    [`last ${trendEpochs} epochs`, trendText(quote)],
    ['slots', slotsText(quote)],
    ['pruning', pruningText(quote)],
    ['a newcomer', newcomerText(quote)],
    ...(quote.own === null ? [] : [[`uid ${quote.own.uid}`, ownText(quote.own)] as [string, string]]),
  ]
  const width = Math.max(...facts.map(([name]) => name.length)) + 2
  return facts.map(([name, value]) => `${name.padEnd(width)}${value}`).join('\n')
}

function trendText({ recent: { count, first, last, lowest, highest } }: Quote): string {
  if (first === null || last === null || lowest === null || highest === null) return 'nobody registered'
  const trend = last > first ? 'rising' : last < first ? 'falling' : 'level'
  return `${count} registered for ${tokens(lowest)} … ${tokens(highest)} tokens, ${trend}: the last for ${tokens(last)}`
}

function slotsText({ slots: { taken, max, free, vacatedNow } }: Quote): string {
  const idle = vacatedNow === 0 ? '' : `; ${vacatedNow} vacated in this epoch, to be had in the next`
  return `${taken} of ${max} taken, ${free} free${idle}`
}

function pruningText({ pruning: { isNeeded, next } }: Quote): string {
  if (!isNeeded) return 'not needed: there is room'
  if (next === null) return 'not possible: everybody is immune, registering would be refused'
  return `uid ${next.uid} (${next.operator}) would lose its slot: ${part(next.lastPay)} of the last pay, ${formatDuration(next.ageSeconds)} old`
}

function newcomerText({ newcomer: { immuneUntil, immuneSeconds, prunable, payToExceed, medianPay } }: Quote): string {
  const immunity = `is immune until ${formatTime(immuneUntil)} (${formatDuration(immuneSeconds)})`
  if (payToExceed === null || medianPay === null) return `${immunity}; nobody can be pruned now`
  return `${immunity}; then it must earn more than ${part(payToExceed)} of an epoch to outlast the weakest of ${prunable} that can be pruned (median ${part(medianPay)})`
}

function ownText({ nodeId, operator, pruningRank, immuneUntil }: OwnStanding): string {
  if (nodeId === 0n) return 'vacant'
  const who = `node ${nodeId} (${operator})`
  if (pruningRank === null) return `${who} is immune until ${formatTime(immuneUntil ?? 0)}`
  return pruningRank === 0 ? `${who} is the next to be pruned` : `${who} can be pruned; ${pruningRank} go before it`
}
