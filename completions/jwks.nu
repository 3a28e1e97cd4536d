module completions {

  def "nu-complete jwks color" [] {
    [ "auto" "always" "never" ]
  }

  # One tool for the whole life of a JSON Web Key Set
  export extern jwks [
    --color: string@"nu-complete jwks color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
    --version(-V)             # Print version
  ]

  def "nu-complete jwks generate algorithms" [] {
    [ "ES256" "Ed25519" "RS256" "PS256" "ES384" "ES512" "ES256K" "Ed448" "EdDSA" "RS384" "RS512" "PS384" "PS512" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" "HS256" "HS384" "HS512" "RSA-OAEP-256" "RSA-OAEP" "RSA-OAEP-384" "RSA-OAEP-512" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "A128GCM" "A192GCM" "A256GCM" "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" ]
  }

  def "nu-complete jwks generate curve" [] {
    [ "P-256" "P-384" "P-521" "secp256k1" "Ed25519" "Ed448" "X25519" "X448" ]
  }

  def "nu-complete jwks generate kid_from" [] {
    [ "thumbprint" "spki" "uuid" "date" "none" ]
  }

  def "nu-complete jwks generate to" [] {
    [ "jwk" "pem" "der" ]
  }

  def "nu-complete jwks generate color" [] {
    [ "auto" "always" "never" ]
  }

  # Make keys
  export extern "jwks generate" [
    --alg(-a): string@"nu-complete jwks generate algorithms" # The algorithm of the key; repeat it for several keys
    --count: string           # How many keys to make for each algorithm
    --set                     # Wrap the result in a JWK Set, also when it is one key
    --size: string            # Size in bits, for RSA and HMAC
    --curve: string@"nu-complete jwks generate curve" # The curve, where the algorithm leaves a choice (ECDH-ES, EdDSA)
    --kid: string             # The key ID
    --kid-from: string@"nu-complete jwks generate kid_from" # Where the key ID comes from, instead of the thumbprint
    --use: string             # The value of "use", instead of sig or enc, which follows from the algorithm
    --key-ops: string         # The value of "key_ops", which then stands instead of "use"
    --into: path              # Add the keys to this private set
    --lock-timeout: string    # How long to wait for another process that changes the set of --into
    --output(-o): path        # Write the private half to this file
    --public(-p): path        # Write the public half to this file, as a JWK Set
    --force                   # Replace existing files
    --to: string@"nu-complete jwks generate to" # The form to write
    --encrypt                 # Protect the private half with a passphrase
    --at: string              # The time of making, instead of now
    --passphrase-file: path   # Read the passphrase of protected keys from this file, or - for standard input
    --passphrase-fd: string   # Read it from this file descriptor
    --color: string@"nu-complete jwks generate color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
  ]

  def "nu-complete jwks inspect fail_on" [] {
    [ "error" "warning" "info" "never" ]
  }

  def "nu-complete jwks inspect format" [] {
    [ "text" "json" "sarif" "junit" "github" "gitlab" ]
  }

  def "nu-complete jwks inspect color" [] {
    [ "auto" "always" "never" ]
  }

  # Say what keys, sets and tokens are, and what is wrong with them
  export extern "jwks inspect" [
    --published               # Apply the rules for sets that anyone can read; implied for URLs
    --fail-on: string@"nu-complete jwks inspect fail_on" # Exit with 1 when there is a finding of this severity or worse
    --only: string            # Report the findings of this rule alone; may be given again
    --ignore: string          # Leave out the findings of a rule, everywhere or on the key of one kid
    --known-keys: path        # Keys that are known to others: a file with SHA-256 thumbprints, or a key set
    --thorough                # Examine the numbers of every key, however long it takes
    --rules                   # List the rules, with their reasons, and do nothing else
    --format: string@"nu-complete jwks inspect format" # text, json, sarif, junit, github or gitlab
    --at: string              # The time to go by, instead of now
    --cacert: path            # Trust the certificate authorities in this PEM file, besides the platform's
    --timeout: string         # Longest time for a source, with discovery, redirects and retries
    --retries: string         # How often to try again after 429, a fault of the server, or no connection
    --header: string          # Send a header; '@FILE' as its value takes the value from a file
    --allow-http              # Fetch over plain http from anywhere, and not from this machine alone
    --no-cache                # Neither use nor fill the cache
    --offline                 # Ask no server; use what is in the cache while it holds, and fail without
    --set-limit: string       # Longest key set that is read, in bytes
    --color: string@"nu-complete jwks inspect color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
    ...sources: path          # Files, directories, URLs, tokens, or - for standard input
  ]

  def "nu-complete jwks fetch format" [] {
    [ "text" "json" ]
  }

  def "nu-complete jwks fetch color" [] {
    [ "auto" "always" "never" ]
  }

  # Fetch a key set from its URL or its issuer
  export extern "jwks fetch" [
    --kid: string             # Print only the key with this kid, as a JWK
    --output(-o): path        # Write to this file, whole or not at all
    --force                   # Replace the file of --output
    --normalize               # Order keys by kid, and members by name
    --diff: path              # Print what has changed since this set, and not the set
    --format: string@"nu-complete jwks fetch format" # The form in which --diff prints
    --watch: string           # Ask on and on; print a line of JSON for each change
    --max-age: string         # Use an answer of the cache only while it is younger
    --clear-cache             # Forget every answer in the cache
    --cacert: path            # Trust the certificate authorities in this PEM file, besides the platform's
    --timeout: string         # Longest time for a source, with discovery, redirects and retries
    --retries: string         # How often to try again after 429, a fault of the server, or no connection
    --header: string          # Send a header; '@FILE' as its value takes the value from a file
    --allow-http              # Fetch over plain http from anywhere, and not from this machine alone
    --no-cache                # Neither use nor fill the cache
    --offline                 # Ask no server; use what is in the cache while it holds, and fail without
    --set-limit: string       # Longest key set that is read, in bytes
    --color: string@"nu-complete jwks fetch color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
    ...urls: string           # The URL of a key set, or an issuer; several are fetched at once
  ]

  def "nu-complete jwks verify algorithms" [] {
    [ "ES256" "Ed25519" "RS256" "PS256" "ES384" "ES512" "ES256K" "Ed448" "EdDSA" "RS384" "RS512" "PS384" "PS512" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" "HS256" "HS384" "HS512" ]
  }

  def "nu-complete jwks verify format" [] {
    [ "text" "json" ]
  }

  def "nu-complete jwks verify color" [] {
    [ "auto" "always" "never" ]
  }

  # Check a token, or a log of them, and say why they fail
  export extern "jwks verify" [
    --jwks: path              # The keys: a file, a URL, or - for standard input
    --issuer: string          # Take the keys of this issuer, by discovery
    --alg: string@"nu-complete jwks verify algorithms" # Accept this algorithm alone; repeat it for several
    --iss: string             # Demand this issuer
    --aud: string             # Demand this audience
    --sub: string             # Demand this subject
    --typ: string             # Demand this type in the header: "at+jwt", "dpop+jwt" and the like
    --require: string         # Demand that a claim be there
    --claim: string           # Demand a value of a claim: NAME=TEXT, or NAME:=JSON
    --max-age: string         # Demand that the token was issued (iat) at most so long ago
    --leeway: string          # Tolerate clocks that differ by so much
    --at: string              # The time to go by, instead of now
    --signature-only          # Check the signature alone; the payload is printed as it is
    --detached: path          # The content that travels beside the token; its signature alone is checked
    --token-limit: string     # Longest token that is read, in bytes
    --batch                   # Check a token on each line of the file TOKEN, or of standard input, and print a record for each
    --id-field                # Lines are an ID, a tab and a token, and records repeat the ID
    --claims                  # Add the claims of valid tokens to their records
    --summary: path           # Write the summary to this file too, as JSON
    --exit-zero               # Succeed whatever the tokens are; what cannot be read or written is an error still
    --jobs: string            # Threads that verify; as many as there are processors unless told otherwise
    --merge-summaries: path   # Add up the summaries in these files, of the parts of a log, and print the sum
    --explain                 # Tell each check, passed or not
    --format: string@"nu-complete jwks verify format" # The form of the report
    --cacert: path            # Trust the certificate authorities in this PEM file, besides the platform's
    --timeout: string         # Longest time for a source, with discovery, redirects and retries
    --retries: string         # How often to try again after 429, a fault of the server, or no connection
    --header: string          # Send a header; '@FILE' as its value takes the value from a file
    --allow-http              # Fetch over plain http from anywhere, and not from this machine alone
    --no-cache                # Neither use nor fill the cache
    --offline                 # Ask no server; use what is in the cache while it holds, and fail without
    --set-limit: string       # Longest key set that is read, in bytes
    --color: string@"nu-complete jwks verify color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
    token?: path              # A compact token, a file that holds one, or - for standard input
  ]

  def "nu-complete jwks sign algorithm" [] {
    [ "ES256" "Ed25519" "RS256" "PS256" "ES384" "ES512" "ES256K" "Ed448" "EdDSA" "RS384" "RS512" "PS384" "PS512" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" "HS256" "HS384" "HS512" ]
  }

  def "nu-complete jwks sign color" [] {
    [ "auto" "always" "never" ]
  }

  # Mint a token with the active key
  export extern "jwks sign" [
    --jwks: path              # The private keys: a file, or - for standard input
    --kid: string             # Sign with this key, and not with the active one
    --alg: string@"nu-complete jwks sign algorithm" # Sign with this algorithm, when the key or the set leaves a choice
    --claims: path            # Start from the claims in this file, or - for standard input
    --iss: string             # Issuer
    --sub: string             # Subject
    --aud: string             # Audience; repeat it for several
    --jti: string             # ID of the token
    --exp: string             # Expiration time, or none [default: +15m]
    --nbf: string             # Time before which the token does not hold
    --iat: string             # Time of issue, or none [default: now]
    --claim: string           # Set a claim: NAME=TEXT, or NAME:=JSON
    --typ: string             # Type of the token, in the header
    --header: string          # Set a header parameter: NAME=TEXT, or NAME:=JSON
    --force                   # Sign also with a key that is pending, retiring, revoked or weak
    --at: string              # The time to go by, instead of now
    --passphrase-file: path   # Read the passphrase of protected keys from this file, or - for standard input
    --passphrase-fd: string   # Read it from this file descriptor
    --color: string@"nu-complete jwks sign color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
  ]

  def "nu-complete jwks rotate algorithm" [] {
    [ "ES256" "Ed25519" "RS256" "PS256" "ES384" "ES512" "ES256K" "Ed448" "EdDSA" "RS384" "RS512" "PS384" "PS512" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" "HS256" "HS384" "HS512" ]
  }

  def "nu-complete jwks rotate reason" [] {
    [ "unspecified" "compromised" "superseded" ]
  }

  def "nu-complete jwks rotate format" [] {
    [ "text" "json" ]
  }

  def "nu-complete jwks rotate color" [] {
    [ "auto" "always" "never" ]
  }

  # Start a key rotation, or revoke a key
  export extern "jwks rotate" [
    --public(-p): path        # Write the published set to this file, whenever it differs
    --cache-ttl: string       # Life of copies of the set
    --token-lifetime: string  # Longest lifetime of a token
    --margin: string          # Delay of publishing, lag of signers and difference of clocks, together
    --every: string           # Rotate only when the key is that old
    --force                   # Start a rotation also while one is under way
    --standby                 # Keep one more key published, in reserve
    --alg: string@"nu-complete jwks rotate algorithm" # The algorithm of the new key
    --active: string          # Of several keys without dates, the one that is in use; the last one unless told
    --revoke: string          # Withdraw this key for good, now
    --reason: string@"nu-complete jwks rotate reason" # Why: unspecified, compromised or superseded
    --yes(-y)                 # Revoke without asking for the kid to be typed
    --backup                  # Keep the private file as it was under a name with the time
    --lock-timeout: string    # How long to wait while another process changes the file
    --dry-run                 # Show what would be done, and write nothing
    --format: string@"nu-complete jwks rotate format" # The form of the report
    --json                    # The same as --format json
    --at: string              # The time to go by, instead of now
    --passphrase-file: path   # Read the passphrase of protected keys from this file, or - for standard input
    --passphrase-fd: string   # Read it from this file descriptor
    --color: string@"nu-complete jwks rotate color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
    file: path                # The private keys
  ]

  def "nu-complete jwks convert to" [] {
    [ "jwks" "jwk" "pem" "der" "ssh" "thumbprint" "spki-hash" ]
  }

  def "nu-complete jwks convert from" [] {
    [ "auto" "raw" "hex" "base64" ]
  }

  def "nu-complete jwks convert kid_from" [] {
    [ "thumbprint" "spki" "uuid" "date" "none" ]
  }

  def "nu-complete jwks convert algorithm" [] {
    [ "ES256" "Ed25519" "RS256" "PS256" "ES384" "ES512" "ES256K" "Ed448" "EdDSA" "RS384" "RS512" "PS384" "PS512" "ML-DSA-44" "ML-DSA-65" "ML-DSA-87" "HS256" "HS384" "HS512" "RSA-OAEP-256" "RSA-OAEP" "RSA-OAEP-384" "RSA-OAEP-512" "ECDH-ES" "ECDH-ES+A128KW" "ECDH-ES+A192KW" "ECDH-ES+A256KW" "A128KW" "A192KW" "A256KW" "A128GCMKW" "A192GCMKW" "A256GCMKW" "A128GCM" "A192GCM" "A256GCM" "A128CBC-HS256" "A192CBC-HS384" "A256CBC-HS512" ]
  }

  def "nu-complete jwks convert sort" [] {
    [ "kid" "alg" "thumbprint" "newest" ]
  }

  def "nu-complete jwks convert color" [] {
    [ "auto" "always" "never" ]
  }

  # Read keys in any form, and write them in another
  export extern "jwks convert" [
    --to: string@"nu-complete jwks convert to" # jwks, jwk, pem, der, ssh, thumbprint or spki-hash
    --from: string@"nu-complete jwks convert from" # How the sources spell their keys
    --output(-o): path        # Write to this file, whole or not at all
    --force                   # Replace an existing file
    --lock-timeout: string    # How long to wait for another process that changes the file of --output
    --public                  # Leave the private halves out, and what is to be seen no more
    --traditional             # PKCS #1 and SEC 1 instead of PKCS #8, for --to pem and der
    --encrypt                 # Protect what is written with a passphrase
    --x5c                     # Keep the certificates of keys, as x5c, x5t and x5t#S256
    --only: string            # Only the key of this kid; repeat it for several
    --without: string         # Not the key of this kid; repeat it for several
    --active                  # Only the keys that `jwks sign` takes
    --at: string              # The time to go by for --public, --active and --kid-from date, instead of now
    --kid: string             # Name the one key so
    --kid-from: string@"nu-complete jwks convert kid_from" # Name every key anew
    --alg: string@"nu-complete jwks convert algorithm" # Set "alg"
    --use: string             # Set "use", and take "key_ops" out
    --key-ops: string         # Set "key_ops", and take "use" out
    --sort: string@"nu-complete jwks convert sort" # Put the keys in this order
    --passphrase-file: path   # Read the passphrase of protected keys from this file, or - for standard input
    --passphrase-fd: string   # Read it from this file descriptor
    --new-passphrase-file: path # Read the passphrase for --encrypt from this file, or - for standard input
    --new-passphrase-fd: string # Read it from this file descriptor
    --cacert: path            # Trust the certificate authorities in this PEM file, besides the platform's
    --timeout: string         # Longest time for a source, with discovery, redirects and retries
    --retries: string         # How often to try again after 429, a fault of the server, or no connection
    --header: string          # Send a header; '@FILE' as its value takes the value from a file
    --allow-http              # Fetch over plain http from anywhere, and not from this machine alone
    --no-cache                # Neither use nor fill the cache
    --offline                 # Ask no server; use what is in the cache while it holds, and fail without
    --set-limit: string       # Longest key set that is read, in bytes
    --color: string@"nu-complete jwks convert color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
    ...sources: path          # Files, URLs, or - for standard input
  ]

  def "nu-complete jwks diff format" [] {
    [ "text" "json" ]
  }

  def "nu-complete jwks diff color" [] {
    [ "auto" "always" "never" ]
  }

  # Tell what changed between two key sets
  export extern "jwks diff" [
    --format: string@"nu-complete jwks diff format" # The form of the report
    --cacert: path            # Trust the certificate authorities in this PEM file, besides the platform's
    --timeout: string         # Longest time for a source, with discovery, redirects and retries
    --retries: string         # How often to try again after 429, a fault of the server, or no connection
    --header: string          # Send a header; '@FILE' as its value takes the value from a file
    --allow-http              # Fetch over plain http from anywhere, and not from this machine alone
    --no-cache                # Neither use nor fill the cache
    --offline                 # Ask no server; use what is in the cache while it holds, and fail without
    --set-limit: string       # Longest key set that is read, in bytes
    --color: string@"nu-complete jwks diff color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
    old: path                 # The set before: a file, a URL, or - for standard input
    new: path                 # The set after: a file, a URL, or - for standard input
  ]

  def "nu-complete jwks completions shell" [] {
    [ "bash" "zsh" "fish" "powershell" "elvish" "nushell" ]
  }

  def "nu-complete jwks completions color" [] {
    [ "auto" "always" "never" ]
  }

  # Print a completion script for a shell
  export extern "jwks completions" [
    --color: string@"nu-complete jwks completions color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
    shell?: string@"nu-complete jwks completions shell" # The shell
  ]

  def "nu-complete jwks help subject" [] {
    [ "generate" "inspect" "fetch" "verify" "sign" "rotate" "convert" "diff" "completions" "help" "exit-codes" "environment" "formats" "algorithms" ]
  }

  def "nu-complete jwks help color" [] {
    [ "auto" "always" "never" ]
  }

  # Tell all about a command or a topic
  export extern "jwks help" [
    --color: string@"nu-complete jwks help color" # When to colour what is shown
    --no-input                # Never ask; a question that needs an answer is an error
    --help(-h)                # Print help: -h in short, --help in full
    subject?: string@"nu-complete jwks help subject" # A command or a topic
  ]

}

export use completions *
