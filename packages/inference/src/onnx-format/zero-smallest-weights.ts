import { type WireField, wireFields } from './wire.js'

/** Field numbers of onnx.proto. */
const MODEL_GRAPH = 7
const GRAPH_NODE = 1
const GRAPH_INITIALIZER = 5
const NODE_ATTRIBUTE = 5
const ATTRIBUTE_TENSOR = 5
const TENSOR_DATA_TYPE = 2
const TENSOR_FLOAT_DATA = 4
const TENSOR_RAW_DATA = 9
const FLOAT = 1

/**
 * A smaller model under the same name, as a cheating miner would serve it: in every float32 weight tensor of at least
 * `minBytes`, the `fraction` of the values nearest to zero becomes zero. Weights are the initializers and, as some
 * converters write them, the tensors of `Constant` nodes. For local networks, which must catch it.
 * @throws WitanError ONNX_MALFORMED
 */
export function zeroSmallestWeights(model: Uint8Array, fraction = 0.3, minBytes = 4096): Uint8Array {
  const pruned = model.slice()
  for (const tensor of weightTensors(pruned)) {
    const values = floatValues(pruned, tensor)
    if (values !== undefined && values.byteLength >= minBytes) zeroSmallest(values, fraction)
  }
  return pruned
}

function weightTensors(model: Uint8Array): WireField[] {
  const graphs = fieldsOf(model, MODEL_GRAPH)
  const attributes = graphs
    .flatMap((graph) => fieldsOf(model, GRAPH_NODE, graph))
    .flatMap((node) => fieldsOf(model, NODE_ATTRIBUTE, node))
  return [
    ...graphs.flatMap((graph) => fieldsOf(model, GRAPH_INITIALIZER, graph)),
    ...attributes.flatMap((attribute) => fieldsOf(model, ATTRIBUTE_TENSOR, attribute)),
  ]
}

function fieldsOf(bytes: Uint8Array, number: number, within?: WireField): WireField[] {
  return [...wireFields(bytes, within?.start, within?.end)].filter((field) => field.number === number)
}

/** The little-endian values of a float32 tensor, in place: `raw_data`, or the packed `float_data`. */
function floatValues(bytes: Uint8Array, tensor: WireField): DataView | undefined {
  const fields = [...wireFields(bytes, tensor.start, tensor.end)]
  if (fields.find(({ number }) => number === TENSOR_DATA_TYPE)?.value !== FLOAT) return undefined
  const data = fields.find(({ number }) => number === TENSOR_RAW_DATA || number === TENSOR_FLOAT_DATA)
  return data && new DataView(bytes.buffer, bytes.byteOffset + data.start, data.end - data.start)
}

function zeroSmallest(values: DataView, fraction: number): void {
  const count = Math.floor(values.byteLength / 4)
  const magnitudes = Float32Array.from({ length: count }, (_, index) => Math.abs(values.getFloat32(index * 4, true)))
  const threshold = magnitudes.toSorted()[Math.floor(count * fraction)]!
  magnitudes.forEach((magnitude, index) => {
    if (magnitude < threshold) values.setFloat32(index * 4, 0, true)
  })
}
