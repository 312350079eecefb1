import { chmod, mkdtemp, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { bytesToHex } from '@witan/protocol'
import { createSeededRandom } from '@witan/runtime'
import { decryptKeystoreJson } from 'ethers'
import t from 'tap'
import { createKeystore, openKeystore, readKeystoreAddress } from '../src/index.js'

/** The two vectors of the Web3 Secret Storage definition, version 3. */
const VECTOR_PASSWORD = 'testpassword'
const VECTOR_KEY = '0x7a28b5ba57c53603b0b07b56bba752f7784bf506fa95edc395f5cf6c7514fe9d'
const PBKDF2_VECTOR = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '6087dab2f9fdbbfaddc31a909735c1e6' },
    ciphertext: '5318b4d5bcd28de64ee5559e671353e16f075ecae9f99c7a79a38af5f869aa46',
    kdf: 'pbkdf2',
    kdfparams: {
      c: 262144,
      dklen: 32,
      prf: 'hmac-sha256',
      salt: 'ae3cd4e7013836a3df6bd7241b12db061dbe2c6785853cce422d148a624ce0bd',
    },
    mac: '517ead924a9d0dc3124507e3393d175ce3ff7c1e96529c6c555ce9e51205e9b2',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
}
const SCRYPT_VECTOR = {
  crypto: {
    cipher: 'aes-128-ctr',
    cipherparams: { iv: '83dbcc02d8ccb40e466191a123791e0e' },
    ciphertext: 'd172bf743a674da9cdad04534d56926ef8358534d458fffccd4e6ad2fbde479c',
    kdf: 'scrypt',
    kdfparams: {
      dklen: 32,
      n: 262144,
      p: 8,
      r: 1,
      salt: 'ab0c7876052600dd703518d6fc3fe8984592145b591fc8fb5c6d43190334ba19',
    },
    mac: '2103ac29920d71da29f15d75b4a16dbe95cfd7ff8faea1056c33131d846e3097',
  },
  id: '3198bc9c-6672-5ab3-d995-4942343ae5b6',
  version: 3,
}

const folder = await mkdtemp(join(tmpdir(), 'witan-keystore-'))
t.teardown(() => rm(folder, { recursive: true, force: true }))
const random = createSeededRandom('keystore test')

const written = async (name: string, content: unknown) => {
  const path = join(folder, name)
  await writeFile(path, typeof content === 'string' ? content : JSON.stringify(content), { mode: 0o600 })
  return path
}

t.test('the public vectors open', async (t) => {
  for (const [name, vector] of Object.entries({ pbkdf2: PBKDF2_VECTOR, scrypt: SCRYPT_VECTOR })) {
    const path = await written(`${name}.json`, vector)
    const { privateKey, signer } = await openKeystore({ path, password: VECTOR_PASSWORD })
    t.equal(bytesToHex(privateKey), VECTOR_KEY, name)
    t.equal(signer.address, '0x008aeeda4d805471df9b2a5b0f38a0c3bcba786b')
    await t.rejects(openKeystore({ path, password: 'another' }), { code: 'WRONG_PASSWORD', exitCode: 77 })
  }
})

t.test('what is written can be read here and elsewhere', async (t) => {
  const path = join(folder, 'deep', 'operator.json')
  const signer = await createKeystore({ path, password: 'pässword', lightKdf: true }, { random })
  const opened = await openKeystore({ path, password: 'pässword' })
  t.equal(opened.signer.address, signer.address)
  t.notOk(opened.isTooOpen)
  t.equal((await stat(path)).mode & 0o777, 0o600)
  t.equal(await readKeystoreAddress(path), signer.address)

  const text = await readFile(path, 'utf8')
  t.match(JSON.parse(text), { version: 3, crypto: { kdf: 'scrypt', kdfparams: { n: 4096, r: 8, p: 6, dklen: 32 } } })
  const foreign = await decryptKeystoreJson(text, 'pässword')
  t.equal(foreign.privateKey, bytesToHex(opened.privateKey), 'ethers opens it')

  await t.rejects(createKeystore({ path, password: 'x', lightKdf: true }, { random }), { code: 'KEYSTORE_EXISTS' })
  t.equal(await readFile(path, 'utf8'), text, 'a keystore is never overwritten')

  await chmod(path, 0o644)
  t.ok((await openKeystore({ path, password: 'pässword' })).isTooOpen)
})

t.test('the standard cost is that of geth and a given key is kept', async (t) => {
  const path = join(folder, 'owner.json')
  const privateKey = random.bytes(32)
  await createKeystore({ path, password: 'p', privateKey }, { random })
  t.match(JSON.parse(await readFile(path, 'utf8')), { crypto: { kdfparams: { n: 131_072, r: 8, p: 1 } } })
  const opened = await openKeystore({ path, password: 'p' })
  t.same(opened.privateKey, privateKey)
})

t.test('wrong files give one coded error', async (t) => {
  await t.rejects(openKeystore({ path: join(folder, 'none.json'), password: '' }), {
    code: 'KEYSTORE_NOT_FOUND',
    exitCode: 78,
  })
  const { crypto } = SCRYPT_VECTOR
  const scrypt = (kdfparams: object) => ({
    ...SCRYPT_VECTOR,
    crypto: { ...crypto, kdfparams: { ...crypto.kdfparams, ...kdfparams } },
  })
  const malformed: Record<string, unknown> = {
    'not JSON': '{',
    'no object': 'null',
    'no crypto': { version: 3 },
    'version 1': { ...SCRYPT_VECTOR, version: 1 },
    cipher: { ...SCRYPT_VECTOR, crypto: { ...crypto, cipher: 'rot13' } },
    kdf: { ...SCRYPT_VECTOR, crypto: { ...crypto, kdf: 'argon2' } },
    'cost that exhausts memory': scrypt({ n: 2 ** 30 }),
    'cost of zero': scrypt({ n: 0 }),
    'cost no power of two': scrypt({ n: 1000 }),
    'no key': { ...SCRYPT_VECTOR, crypto: { ...crypto, ciphertext: '' } },
    'long key': { ...SCRYPT_VECTOR, crypto: { ...crypto, ciphertext: 'ab'.repeat(33) } },
    'odd hex': { ...SCRYPT_VECTOR, crypto: { ...crypto, mac: 'xyz' } },
    'wrong address': { ...SCRYPT_VECTOR, address: 'xyz' },
    'too long': ' '.repeat(70_000),
  }
  for (const [name, content] of Object.entries(malformed)) {
    const path = await written(`${name}.json`, content)
    await t.rejects(openKeystore({ path, password: VECTOR_PASSWORD }), { code: 'KEYSTORE_INVALID', exitCode: 65 }, name)
  }
  const other = await written('other.json', { ...PBKDF2_VECTOR, address: '00'.repeat(20) })
  await t.rejects(
    openKeystore({ path: other, password: VECTOR_PASSWORD }),
    { code: 'KEYSTORE_INVALID' },
    'another address',
  )
  await t.rejects(openKeystore({ path: folder, password: '' }), { code: 'KEYSTORE_INVALID' }, 'a folder')
})
