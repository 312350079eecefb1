import type { Tensor } from '../tensor/tensor.js'
import { bytesField, concat, messageField, type ProtoField, textField, varintField } from './proto-writer.js'

/** One operator with its default attributes. */
export interface OnnxNode {
  readonly operator: string
  readonly inputs: readonly string[]
  readonly output: string
}

/** A float32 input or output; a dimension that is left open has a name instead of a number. */
export interface OnnxValue {
  readonly name: string
  readonly shape: readonly (number | string)[]
}

export interface OnnxGraph {
  readonly name: string
  readonly nodes: readonly OnnxNode[]
  readonly weights: Readonly<Record<string, Tensor<'float32'>>>
  readonly input: OnnxValue
  readonly output: OnnxValue
}

/** The first format that opset 13 may be written in, so every runtime of the last five years reads it. */
const IR_VERSION = 7
const OPSET_VERSION = 13
const FLOAT = 1

/** The bytes of an ONNX model. Nothing but the graph is in them, so equal weights give equal bytes. */
export function writeOnnxModel(graph: OnnxGraph): Uint8Array {
  // Field numbers here and below are those of onnx.proto.
  return concat([
    varintField(1, IR_VERSION),
    textField(2, 'witan'),
    messageField(7, ...graphFields(graph)),
    messageField(8, textField(1, ''), varintField(2, OPSET_VERSION)),
  ])
}

function graphFields({ name, nodes, weights, input, output }: OnnxGraph): ProtoField[] {
  return [
    ...nodes.map((node) => messageField(1, ...nodeFields(node))),
    textField(2, name),
    ...Object.entries(weights).map(([name, tensor]) => messageField(5, ...tensorFields(name, tensor))),
    messageField(11, ...valueFields(input)),
    messageField(12, ...valueFields(output)),
  ]
}

/** A node is named like its output: some tools ask for a name. */
function nodeFields({ operator, inputs, output }: OnnxNode): ProtoField[] {
  return [
    ...inputs.map((input) => textField(1, input)),
    textField(2, output),
    textField(3, output),
    textField(4, operator),
  ]
}

function tensorFields(name: string, { dims, data }: Tensor<'float32'>): ProtoField[] {
  return [
    ...dims.map((dim) => varintField(1, dim)),
    varintField(2, FLOAT),
    textField(8, name),
    bytesField(9, littleEndian(data)),
  ]
}

function valueFields({ name, shape }: OnnxValue): ProtoField[] {
  const dims = shape.map((dim) => messageField(1, typeof dim === 'number' ? varintField(1, dim) : textField(2, dim)))
  const tensorType = messageField(1, varintField(1, FLOAT), messageField(2, ...dims))
  return [textField(1, name), messageField(2, tensorType)]
}

function littleEndian(values: Float32Array): Uint8Array {
  const view = new DataView(new ArrayBuffer(values.length * 4))
  values.forEach((value, index) => {
    view.setFloat32(index * 4, value, true)
  })
  return new Uint8Array(view.buffer)
}
