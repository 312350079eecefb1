import { setImmediate } from 'node:timers/promises'
import { createSeededRandom } from '@witan/runtime'
import { DIGIT_CLASSES, type DigitRecord } from '../../digits/digit-record.js'
import { argMax } from '../../tensor/tolerance.js'
import type { EpochReport, TrainedWeights, TrainingRequest } from '../recipe.js'
import { loadTensorFlow, type TensorFlow } from '../tensorflow.js'
import { checkDigitRecords } from './check-records.js'
import { createDigitsNetwork, type DigitsNetwork, drawDigitsWeights } from './network.js'

/** Of Adam; the usual one, and the same for every amount of records. */
const LEARNING_RATE = 0.001

/** Records a pass when the accuracy is counted. */
const COUNT_BATCH = 1000

export async function trainDigits(request: TrainingRequest<DigitRecord>): Promise<TrainedWeights> {
  const { records, seed, epochs: count, onEpoch, signal } = request
  checkDigitRecords(records)
  const { tf, backend } = await loadTensorFlow()
  signal?.throwIfAborted()
  const random = createSeededRandom(`witan/train/digits/${seed}`)
  const network = createDigitsNetwork(tf, drawDigitsWeights(random))
  const optimizer = tf.train.adam(LEARNING_RATE)
  const epochs: EpochReport[] = []
  try {
    for (let epoch = 1; epoch <= count; epoch++) {
      const loss = await trainEpoch(random.shuffle(records), request, { tf, network, optimizer })
      const accuracy = await accuracyOn(records, network, signal)
      const report = { epoch, loss, accuracy }
      epochs.push(report)
      onEpoch?.(report)
    }
    return { weights: await network.weights(), epochs, backend }
  } finally {
    optimizer.dispose()
    network.dispose()
  }
}

interface Training {
  readonly tf: typeof TensorFlow
  readonly network: DigitsNetwork
  readonly optimizer: TensorFlow.Optimizer
}

/** One pass over the records in this order; the mean loss of a record. */
async function trainEpoch(
  shuffled: readonly DigitRecord[],
  { batchSize, signal }: TrainingRequest<DigitRecord>,
  training: Training,
): Promise<number> {
  let total = 0
  for (let start = 0; start < shuffled.length; start += batchSize) {
    const batch = shuffled.slice(start, start + batchSize)
    total += trainStep(batch, training) * batch.length
    await breathe(signal)
  }
  return total / shuffled.length
}

function trainStep(batch: readonly DigitRecord[], { tf, network, optimizer }: Training): number {
  return tf.tidy(() => {
    const loss = () => {
      const labels = tf.tensor2d(oneHot(batch), [batch.length, DIGIT_CLASSES])
      return tf.losses.softmaxCrossEntropy(labels, network.logits(batch.map(({ pixels }) => pixels))).asScalar()
    }
    return optimizer.minimize(loss, true, [...network.variables])!.dataSync()[0]!
  })
}

async function accuracyOn(
  records: readonly DigitRecord[],
  network: DigitsNetwork,
  signal?: AbortSignal,
): Promise<number> {
  let correct = 0
  for (let start = 0; start < records.length; start += COUNT_BATCH) {
    const batch = records.slice(start, start + COUNT_BATCH)
    const logits = network.logits(batch.map(({ pixels }) => pixels))
    const scores = logits.dataSync<'float32'>()
    logits.dispose()
    batch.forEach(({ label }, row) => {
      if (argMax(scores, row * DIGIT_CLASSES, DIGIT_CLASSES) === label) correct++
    })
    await breathe(signal)
  }
  return correct / records.length
}

function oneHot(batch: readonly DigitRecord[]): Float32Array {
  const values = new Float32Array(batch.length * DIGIT_CLASSES)
  batch.forEach(({ label }, row) => {
    values[row * DIGIT_CLASSES + label] = 1
  })
  return values
}

/** Lets signals, timers and sockets have their turn. */
async function breathe(signal: AbortSignal | undefined): Promise<void> {
  await setImmediate()
  signal?.throwIfAborted()
}
