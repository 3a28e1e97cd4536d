// The npm package `jose` behind a line protocol: one JSON request a line on standard input, one JSON
// answer a line on standard output, `{"value": …}` or `{"error": "…"}`. One process serves the whole
// run, because starting Node for each token would take most of the time.

import { createInterface } from 'node:readline'
import * as jose from 'jose'

const operations = {
  async make({ alg, symmetric }) {
    if (symmetric) return jose.exportJWK(await jose.generateSecret(alg, { extractable: true }))
    const { privateKey } = await jose.generateKeyPair(alg, { extractable: true })
    return jose.exportJWK(privateKey)
  },

  async public({ jwk, alg }) {
    // exportJWK gives the half that it is handed, so the private members go before the import.
    const { d, p, q, dp, dq, qi, ...publicMembers } = jwk
    return jose.exportJWK(await jose.importJWK(publicMembers, alg, { extractable: true }))
  },

  async sign({ jwk, alg, claims, kid }) {
    const header = { alg, typ: 'JWT', ...(kid && { kid }) }
    return new jose.SignJWT(claims).setProtectedHeader(header).sign(await jose.importJWK(jwk, alg))
  },

  async verify({ keys, alg, token, issuer, audience, subject }) {
    const key = keys.keys ? jose.createLocalJWKSet(keys) : await jose.importJWK(keys, alg)
    const options = { algorithms: [alg], issuer, audience, subject }
    return (await jose.jwtVerify(token, key, options)).payload
  },

  async open({ token, passphrase, maxPBES2Count }) {
    const keyManagementAlgorithms = ['PBES2-HS512+A256KW']
    const options = { maxPBES2Count, keyManagementAlgorithms }
    const { plaintext } = await jose.compactDecrypt(token, new TextEncoder().encode(passphrase), options)
    return new TextDecoder().decode(plaintext)
  },

  async fromPem({ pem, alg }) {
    const read = pem.includes('PRIVATE') ? jose.importPKCS8 : jose.importSPKI
    return jose.exportJWK(await read(pem, alg, { extractable: true }))
  },

  async toPem({ jwk, alg }) {
    const key = await jose.importJWK(jwk, alg, { extractable: true })
    return jwk.d ? jose.exportPKCS8(key) : jose.exportSPKI(key)
  },

  thumbprint: ({ jwk }) => jose.calculateJwkThumbprint(jwk),
}

for await (const line of createInterface({ input: process.stdin })) {
  const { operation, ...parameters } = JSON.parse(line)
  let answer
  try {
    answer = { value: await operations[operation](parameters) }
  } catch (error) {
    answer = { error: `${error.code ?? error.name}: ${error.message}` }
  }
  process.stdout.write(`${JSON.stringify(answer)}\n`)
}
