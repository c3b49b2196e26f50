"""The public proof: what a reader can check without trusting the register's server.

When a statement is published, its facts are signed once with the register's Ed25519 key: reference, version, title and
the SHA-256 of the text in every language, how many organisations signed, and one salted digest for each of them. This
signed entry never changes. Each organisation's name is a *disclosure* beside the entry: salt, name, day of signing. Its
digest is in the signed list, so a name cannot be invented, moved or edited. To withhold a name is to drop its
disclosure; the entry, the count and the log stay valid. The organisation keeps its *receipt*, the entry with its own
disclosure, and can prove its signature or restore its name with it. The server cannot: it kept nothing.

Entries form the *log*. Each carries its number and the hash of the entry before it, its *head*, so none can be removed,
edited or moved without the next one showing it. Late signatories come in an *annex*, corrections and retractions in a
*notice*; a name withheld later leaves an entry without the name, and so does every change of keys.

What is proved: the key's holder signed these texts with this count and these digests; every name shown was signed; the
log continues what a reader remembers of it.

What is not proved, and is said in public:

- that a withheld signatory exists: only receipts show it. `withheld_at_publication` is in clear, so that it cannot grow
  unseen, and an organisation may show its receipt to whom it likes;
- that an early reader has forgotten a name that was withheld later;
- that the person who signed for an organisation had its mandate;
- the time: `iat` is the clock of whoever runs the register;
- that the holder of the key did not write a second history. A reader who remembers one head sees that; a reader who
  comes for the first time does not. Heads therefore travel: in receipts, in mails, at partners, with any verifier that
  keeps a state file.

`verify` is the strict verifier, one file that the public runs on its own. `issue` makes entries, `log` says where the
next one stands and writes the log's files, `keys` keeps the private key in a file, `replacing` puts a new one in its
place, `known` says which keys a log knows.
"""
