import { type Json, WitanError } from '@witan/protocol'

type JsonObject = { readonly [key: string]: Json }

/** Reads typed fields out of one JSON object of a manifest; every failure names the field by its path. */
export class FieldReader {
  readonly value: JsonObject
  readonly #manifest: string
  readonly #at: string

  constructor(value: Json, manifest: string, at = '') {
    this.#manifest = manifest
    this.#at = at
    if (!isObject(value)) throw this.#invalid('', 'an object')
    this.value = value
  }

  static parse(text: string, manifest: string): FieldReader {
    let value: Json
    try {
      value = JSON.parse(text)
    } catch (cause) {
      throw new WitanError('MANIFEST_INVALID', 'The manifest is not JSON', { facts: { manifest }, cause })
    }
    return new FieldReader(value, manifest)
  }

  /** Refuses fields other than these, so that a misspelt one is never silently ignored. */
  only(...names: string[]): void {
    const unknown = Object.keys(this.value).find((name) => !names.includes(name))
    if (unknown !== undefined) throw this.#invalid(unknown, `one of ${names.join(', ')}`)
  }

  string(name: string, pattern: RegExp = /\S/): string {
    const value = this.value[name]
    if (typeof value !== 'string' || !pattern.test(value)) throw this.#invalid(name, `text like ${pattern.source}`)
    return value
  }

  number(name: string, least: number, most: number): number {
    const value = this.value[name]
    if (typeof value !== 'number' || !(value >= least && value <= most)) {
      throw this.#invalid(name, `a number from ${least} to ${most}`)
    }
    return value
  }

  integer(name: string, least: number, most: number): number {
    const value = this.number(name, least, most)
    if (!Number.isInteger(value)) throw this.#invalid(name, 'a whole number')
    return value
  }

  object(name: string): FieldReader {
    return new FieldReader(this.value[name] ?? null, this.#manifest, this.#path(name))
  }

  list(name: string): FieldReader[] {
    const value = this.value[name]
    if (!Array.isArray(value)) throw this.#invalid(name, 'a list')
    return value.map((item: Json, index) => new FieldReader(item, this.#manifest, `${this.#path(name)}[${index}]`))
  }

  strings(name: string): string[] {
    const value = this.value[name]
    if (!Array.isArray(value) || !value.every((item: Json) => typeof item === 'string')) {
      throw this.#invalid(name, 'a list of text')
    }
    return value as string[]
  }

  #path(name: string): string {
    return [this.#at, name].filter((part) => part !== '').join('.')
  }

  #invalid(name: string, expected: string): WitanError {
    return new WitanError('MANIFEST_INVALID', 'A field of the manifest is missing or wrong', {
      facts: { manifest: this.#manifest, field: this.#path(name), expected },
    })
  }
}

function isObject(value: Json): value is JsonObject {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}
