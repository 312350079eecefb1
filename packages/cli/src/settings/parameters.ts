import { DEFAULT_PARAMETERS, type SubnetParameters } from '@witan/protocol'
import { usageError } from '../command/option.js'

/** `name=value`, for parameters the presets do not suit. */
export function asParameter(text: string): Partial<SubnetParameters> {
  const [name = '', value = '', ...rest] = text.split('=')
  const presets = DEFAULT_PARAMETERS as unknown as Readonly<Record<string, number | bigint | boolean>>
  const preset = Object.hasOwn(presets, name) ? presets[name] : undefined
  if (preset === undefined)
    throw usageError(`${name} is not a parameter`, { known: Object.keys(DEFAULT_PARAMETERS).join(', ') })
  if (!/^\d+$/.test(value) || rest.length > 0) throw usageError(`${text} is not of the form name=whole number`)
  if (typeof preset !== 'boolean') return { [name]: typeof preset === 'bigint' ? BigInt(value) : Number(value) }
  if (value !== '0' && value !== '1') throw usageError(`${text} is not of the form name=0 or name=1`)
  return { [name]: value === '1' }
}
