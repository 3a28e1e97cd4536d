// npm `jose`. A verification is a job of Node's thread pool, so a thread has many under way at a time:
// one after another would leave the cores idle between the jobs.

import { importJWK, jwtVerify } from 'jose'
import { verifyAll } from './shares.mjs'

const UNDER_WAY = 64

await verifyAll(async (jwk) => {
  const key = await importJWK(jwk, jwk.alg)
  const options = { algorithms: [jwk.alg] }
  const verify = (token) => jwtVerify(token, key, options).then(() => undefined, (error) => error.message)
  return async (tokens) => {
    const reasons = []
    for (let start = 0; start < tokens.length; start += UNDER_WAY) {
      reasons.push(...(await Promise.all(tokens.slice(start, start + UNDER_WAY).map(verify))))
    }
    return reasons
  }
})
