import type { OnnxRuntime } from './onnx-runtime.js'

/** How far ONNX Runtime rewrites the graph. It changes answers by up to 3e-4, so it is part of the runtime class. */
export type GraphOptimization = 'all' | 'extended' | 'basic' | 'disabled'

/** One thread a session: parallel sessions beat parallel operators for small models, and answers do not depend on it. */
export function sessionOptions(
  provider: string,
  optimization: GraphOptimization,
): OnnxRuntime.InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: optimization,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
  }
}

/**
 * Gives working memory back after each run: inputs of ever new widths would otherwise leave 80 MB of unused blocks in a
 * session of 11 MB of weights. Costs half a millisecond.
 */
export const RUN_OPTIONS: OnnxRuntime.InferenceSession.RunOptions = {
  extra: { memory: { enable_memory_arena_shrinkage: 'cpu:0' } },
}
