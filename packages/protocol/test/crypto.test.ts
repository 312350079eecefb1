import { keccak_256 } from '@noble/hashes/sha3.js'
import t from 'tap'
import { bytesToHex, hexToBytes } from '../src/bytes/hex.js'
import { addressOfPublicKey } from '../src/crypto/address.js'
import { signatureBackend } from '../src/crypto/backend.js'
import { keccak256, keccak256Hex } from '../src/crypto/keccak256.js'
import { loadNativeBackend } from '../src/crypto/native-backend.js'
import { pureBackend } from '../src/crypto/pure-backend.js'
import { isSignedBy, recoverAddress, recoverAddressWith } from '../src/crypto/signature.js'
import { createSigner, createSignerWith } from '../src/crypto/signer.js'
import { RandomBytes } from './random-bytes.js'
import { vectors } from './vectors.js'

const ORDER = 0xfffffffffffffffffffffffffffffffebaaedce6af48a03bbfd25e8cd0364141n
const toWord = (value: bigint): Buffer => Buffer.from(value.toString(16).padStart(64, '0'), 'hex')

const native = loadNativeBackend()

t.test('keccak256', (t) => {
  t.equal(keccak256Hex(new Uint8Array(0)), '0xc5d2460186f7233c927e7db2dcc703c0e500b653ca82273b7bfad8045d85a470')
  const random = new RandomBytes(1)
  for (let length = 0; length <= 544; length++) {
    const bytes = random.bytes(length)
    if (Buffer.compare(keccak256(bytes), keccak_256(bytes)) !== 0) t.fail(`length ${length}`)
  }
  const long = Buffer.alloc(200_000, 'long').subarray(1)
  t.same(keccak256(long), keccak_256(long), 'a view of a larger buffer')
  t.end()
})

t.test('keys and addresses', (t) => {
  const signer = createSigner(hexToBytes(vectors.privateKey))
  t.equal(signer.address, vectors.address)
  t.equal(bytesToHex(signer.publicKey), vectors.publicKey)
  t.equal(addressOfPublicKey(signer.publicKey), vectors.address)
  t.equal(addressOfPublicKey(pureBackend.uncompress(signer.publicKey)), vectors.address)
  for (const bad of [new Uint8Array(32), toWord(ORDER), new Uint8Array(31).fill(1)]) {
    t.throws(() => createSigner(bad), { code: 'PRIVATE_KEY_INVALID' })
    t.throws(() => createSignerWith(pureBackend, bad), { code: 'PRIVATE_KEY_INVALID' })
  }
  for (const bad of [new Uint8Array(33), new Uint8Array(32), Buffer.alloc(33, 2).fill(255, 1)]) {
    t.throws(() => addressOfPublicKey(bad), { code: 'PUBLIC_KEY_INVALID' })
  }
  t.end()
})

t.test('a signer keeps its own copy of the key', (t) => {
  const key = hexToBytes(vectors.privateKey)
  const signer = createSigner(key)
  const digest = keccak256(key)
  const before = signer.signDigest(digest)
  key.fill(1)
  t.same(signer.signDigest(digest), before)
  t.end()
})

t.test('native and pure backends agree', { skip: native === undefined && 'no prebuild for this platform' }, (t) => {
  t.equal(signatureBackend, 'native')
  const random = new RandomBytes(42)
  for (let index = 0; index < 25; index++) {
    const key = random.bytes(32)
    const digest = random.bytes(32)
    const [fast, slow] = [createSignerWith(native!, key), createSignerWith(pureBackend, key)]
    const signature = fast.signDigest(digest)
    t.same(slow.signDigest(digest), signature)
    t.equal(slow.address, fast.address)
    t.same(slow.publicKey, fast.publicKey)
    t.equal(recoverAddressWith(native!, digest, signature), fast.address)
    t.equal(recoverAddressWith(pureBackend, digest, signature), fast.address)
    const foreign = Uint8Array.from(random.bytes(65))
    foreign[32] = foreign[32]! & 0x7f
    foreign[64] = 27 + (index % 2)
    t.equal(outcome(native!, digest, foreign), outcome(pureBackend, digest, foreign), 'random r and s')
  }
  t.end()
})

function outcome(backend: typeof pureBackend, digest: Uint8Array, signature: Uint8Array): string {
  try {
    return recoverAddressWith(backend, digest, signature)
  } catch (error) {
    return (error as { code: string }).code
  }
}

t.test('malformed signatures', (t) => {
  const signer = createSigner(hexToBytes(vectors.privateKey))
  const digest = keccak256(Buffer.from('message'))
  const good = signer.signDigest(digest)
  t.equal(recoverAddress(digest, good), signer.address)
  const high = Uint8Array.from(good)
  high.set(toWord(ORDER - BigInt(bytesToHex(good.subarray(32, 64)))), 32)
  high[64] = good[64] === 27 ? 28 : 27
  const withByte = (at: number, value: number) => Uint8Array.from(good).fill(value, at, at + 1)
  const zeroR = Uint8Array.from(good).fill(0, 0, 32)
  const zeroS = Uint8Array.from(good).fill(0, 32, 64)
  const hugeR = Uint8Array.from(good)
  hugeR.set(toWord(ORDER))
  for (const bad of [high, good.subarray(0, 64), withByte(64, 0), withByte(64, 29), zeroR, zeroS, hugeR]) {
    t.throws(() => recoverAddress(digest, bad), { code: 'SIGNATURE_INVALID' })
    t.throws(() => recoverAddressWith(pureBackend, digest, bad), { code: 'SIGNATURE_INVALID' })
    t.notOk(isSignedBy(signer.address, digest, bad))
  }
  t.notOk(isSignedBy(signer.address, keccak256(digest), good), 'another digest')
  t.end()
})
