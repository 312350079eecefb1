import type { ProviderReport } from '../engine.js'
import type { OnnxRuntime } from './onnx-runtime.js'
import { sessionOptions } from './session-options.js'

/** y = Identity(x) on one float: the smallest model that makes a provider start. */
const IDENTITY_MODEL = Buffer.from(
  'CAg6NwoQCgF4EgF5IghJZGVudGl0eRIBZ1oPCgF4EgoKCAgBEgQKAggBYg8KAXkSCgoICAESBAoCCAFCBAoAEA0=',
  'base64',
)

/**
 * Tries each provider that the library names: a library that lists a provider may lack its shared objects, its
 * driver or a device.
 */
export async function probeProviders(runtime: typeof OnnxRuntime): Promise<ProviderReport[]> {
  const reports: ProviderReport[] = []
  for (const { name } of runtime.listSupportedBackends()) reports.push(await probeProvider(runtime, name))
  return reports
}

async function probeProvider(runtime: typeof OnnxRuntime, provider: string): Promise<ProviderReport> {
  try {
    const session = await runtime.InferenceSession.create(IDENTITY_MODEL, sessionOptions(provider, 'all'))
    await session.release()
    return { provider, usable: true, reason: '' }
  } catch (error) {
    return { provider, usable: false, reason: firstLine(error) }
  }
}

/** Native messages carry source paths and stacks behind the first sentence. */
export function firstLine(error: unknown): string {
  const [line = ''] = (error instanceof Error ? error.message : String(error)).split('\n')
  return line.length > 300 ? `${line.slice(0, 300)}…` : line
}
