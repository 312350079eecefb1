import { writeFile } from 'node:fs/promises'
import { readMnist } from '@witan/inference'
import type { Address, Hex } from '@witan/protocol'
import { infer } from '../../commands/infer.js'
import type { Stage } from '../stage.js'
import { CONSUMER, MODEL_ID } from './governance-network.js'

const TIMEOUT_SECONDS = 20

export interface Question {
  /** A file of grey values. */
  readonly image: string
  /** The best ranked when undefined. */
  readonly miner?: Address
  readonly by?: string
  readonly channel?: Hex
  readonly maxPriceWei?: bigint
  /** A file that receipts are kept in. */
  readonly keep?: string
  /** A file whose last request is asked again. */
  readonly again?: string
}

/** Asks the live version of the model, as `witan infer` does. */
export function ask(stage: Stage, { image, miner, by = CONSUMER, channel, maxPriceWei = 0n, keep, again }: Question) {
  const { home, network } = stage.as(by)
  return infer.run(
    {
      home,
      network,
      model: undefined,
      modelId: BigInt(MODEL_ID),
      image,
      miner,
      key: by,
      passwordFile: undefined,
      channel,
      maxPrice: maxPriceWei,
      keep,
      again,
      timeout: TIMEOUT_SECONDS,
    },
    stage.context,
  )
}

/** A test image of a digit as a file, the first of its kind. */
export async function writeDigit(stage: Stage, digit: number): Promise<string> {
  const record = (await readMnist('test')).find(({ label }) => label === digit)
  const file = stage.path(`a-${digit}.grey`)
  await writeFile(file, record!.pixels)
  return file
}
