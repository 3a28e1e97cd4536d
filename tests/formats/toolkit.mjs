// What the toolkit of GitHub Actions prints for annotations: a JSON array of `{name, message, properties}`
// on standard input, a workflow command for each on standard output.

import * as core from '@actions/core'

const chunks = []
for await (const chunk of process.stdin) chunks.push(chunk)
for (const { name, message, properties } of JSON.parse(Buffer.concat(chunks).toString())) {
  core[name](message, properties)
}
