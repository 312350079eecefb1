import type { OnnxRuntime } from './onnx-runtime.js'

/** Changing it changes answers by up to 3e-4: it is part of the runtime class. */
export const GRAPH_OPTIMIZATION = 'all'

/** One thread a session: parallel sessions beat parallel operators for small models, and answers do not depend on it. */
export function sessionOptions(provider: string): OnnxRuntime.InferenceSession.SessionOptions {
  return {
    executionProviders: [provider],
    graphOptimizationLevel: GRAPH_OPTIMIZATION,
    intraOpNumThreads: 1,
    interOpNumThreads: 1,
    executionMode: 'sequential',
    logSeverityLevel: 4,
  }
}
