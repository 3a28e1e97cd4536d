// npm `fast-jwt`, which verifies synchronously. Its cache of verified tokens stays off, as it is by
// default: here each token is to be verified.

import { createPublicKey } from 'node:crypto'
import { createVerifier } from 'fast-jwt'
import { verifyAll } from './shares.mjs'

function secretOrPem(jwk) {
  if (jwk.kty === 'oct') return Buffer.from(jwk.k, 'base64url')
  return createPublicKey({ key: jwk, format: 'jwk' }).export({ type: 'spki', format: 'pem' })
}

await verifyAll((jwk) => {
  const verify = createVerifier({ key: secretOrPem(jwk), algorithms: [jwk.alg], cache: false })
  return (tokens) =>
    tokens.map((token) => {
      try {
        verify(token)
      } catch (error) {
        return error.message
      }
    })
})
