import type { ModelFloor } from '@witan/chain'
import { option } from '../command/option.js'
import { asBigInteger } from '../command/parse.js'
import { formatDuration } from '../output/numbers.js'

export const modelOption = option.required('--model <number>', 'the registered model', asBigInteger)

/** What a floor means for the live version of a model. */
export function floorText({ feed, span, least }: ModelFloor): string {
  return `anybody may demote the live version once ${feed} answers less than ${least} for ${formatDuration(span)}`
}
