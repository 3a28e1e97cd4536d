// The frame of the npm peers: `node peer_NAME.mjs JWKS TOKENS` verifies a file of tokens on all cores and
// prints `1 valid`, `2 valid`, … in the order of the file.
//
// The file is cut into more shares than there are threads, and each thread takes the next one that is
// left, because a core that is busy with something else must not hold up the end. The main thread takes
// shares as well: it has work to do before the others have started.

import { closeSync, fstatSync, openSync, readFileSync, readSync } from 'node:fs'
import { availableParallelism } from 'node:os'
import { Worker, isMainThread, parentPort, workerData } from 'node:worker_threads'

const SHARES_PER_THREAD = 16
const LINE_FEED = 10

// `prepare(jwk)` gives a function from an array of tokens to an array, or the promise of one, that has
// undefined for a valid token and a reason for another one.
export async function verifyAll(prepare) {
  const [jwksPath, tokensPath] = process.argv.slice(2)
  const verify = await prepare(JSON.parse(readFileSync(jwksPath, 'utf8')).keys[0])
  if (!isMainThread) {
    parentPort.postMessage(await verifyShares(verify, workerData))
    return
  }
  const threads = availableParallelism()
  const plan = {
    text: readShared(tokensPath),
    next: new Int32Array(new SharedArrayBuffer(4)),
    count: threads * SHARES_PER_THREAD,
  }
  const others = Array.from({ length: threads - 1 }, () => startWorker(plan))
  const own = await verifyShares(verify, plan)
  print([own, ...(await Promise.all(others))].flat())
}

// The threads must not read or copy the file once each.
function readShared(path) {
  const file = openSync(path)
  const text = new Uint8Array(new SharedArrayBuffer(fstatSync(file).size))
  readSync(file, text)
  closeSync(file)
  return text
}

function startWorker(plan) {
  return new Promise((resolve, reject) => {
    const worker = new Worker(process.argv[1], { argv: process.argv.slice(2), workerData: plan })
    worker.once('message', resolve)
    worker.once('error', reject)
  })
}

async function verifyShares(verify, { text, next, count }) {
  const bytes = Buffer.from(text.buffer)
  // The first line that starts at the share's border or after it.
  const start = (share) => {
    const border = Math.floor((bytes.length * share) / count)
    if (border === 0) return 0
    const lineFeed = bytes.indexOf(LINE_FEED, border - 1)
    return lineFeed === -1 ? bytes.length : lineFeed + 1
  }
  const done = []
  for (let share; (share = Atomics.add(next, 0, 1)) < count; ) {
    const tokens = bytes.latin1Slice(start(share), start(share + 1)).split('\n')
    done.push({ share, reasons: await verify(tokens.filter((token) => token !== '')) })
  }
  return done
}

function print(shares) {
  const reasons = shares.sort((a, b) => a.share - b.share).flatMap(({ reasons }) => reasons)
  const verdict = (reason) => (reason === undefined ? 'valid' : `invalid: ${reason}`)
  process.stdout.write(reasons.map((reason, index) => `${index + 1} ${verdict(reason)}\n`).join(''))
  const refused = reasons.filter((reason) => reason !== undefined).length
  if (refused > 0) {
    console.error(`${refused} of ${reasons.length} tokens do not verify`)
    process.exitCode = 1
  }
}
