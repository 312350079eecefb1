import type * as OnnxRuntime from 'onnxruntime-node'

export type { OnnxRuntime }

/**
 * Loads the native library on first use (40 ms and 45 MB of mapped code), so that commands which infer nothing do
 * not pay for it. Its log is silenced: whatever fails is raised as an error too.
 */
export async function importOnnxRuntime(): Promise<typeof OnnxRuntime> {
  const runtime = await import('onnxruntime-node')
  runtime.env.logLevel = 'fatal'
  return runtime
}

export function onnxRuntimeVersion(runtime: typeof OnnxRuntime): string {
  return runtime.env.versions.node ?? runtime.env.versions.common
}
