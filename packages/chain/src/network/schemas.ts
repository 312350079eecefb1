import { type Address, isNetworkName } from '@witan/protocol'
import { z } from '@witan/runtime'
import { parseAmount } from '../amount.js'

export const addressSchema = z
  .string()
  .regex(/^0x[0-9a-fA-F]{40}$/, 'not an address: 0x and 40 hexadecimal digits')
  .transform((text) => text.toLowerCase() as Address)

export const networkNameSchema = z
  .string()
  .refine(isNetworkName, 'not a network name: 1 to 32 lower-case letters, digits and inner hyphens')

export const chainIdSchema = z.int().positive()

/** Tokens in decimal notation, as wei. */
export const amountSchema = z
  .union([z.string(), z.int().nonnegative()])
  .refine((value) => /^\d{1,30}(\.\d{1,18})?$/.test(String(value)), 'not an amount: digits, at most 18 after the point')
  .transform((value) => parseAmount(String(value)))
