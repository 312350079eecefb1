import { connectInfer } from './infer-client.mjs'
import { measure } from './load.mjs'
import { summarise } from './pair.mjs'
import { createPicture } from './task.mjs'

const MODEL = 'ppocr-v4-rec'
/** Two on the wire keep the one process of the model busy. */
const IN_FLIGHT = 2

/** The same path with a real model behind it: how much the wire matters when there is work to do. */
export async function measureModel({ rounds, durationMs }) {
  const input = await createPicture()
  const witan = await connectInfer({ model: MODEL })
  try {
    await witan.call(input)
    const measured = []
    for (let round = 0; round < rounds; round++) {
      measured.push(await measure(() => witan.call(input), { inFlight: IN_FLIGHT, durationMs }))
    }
    return { name: MODEL, bytes: input.length, inFlight: IN_FLIGHT, witan: summarise(measured) }
  } finally {
    await witan.close()
  }
}
