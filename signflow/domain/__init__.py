"""The rules of a joint statement. Read this folder first.

A *drafter* writes a statement as a series of *versions*. A version never changes: whoever edits saves the next one. While the
statement is a *draft*, nobody else sees it.

The drafter *circulates* it: chosen organisations are invited, and a *sign-on* opens, with a deadline. Now each invited organisation may
*sign* the newest version, through a person whom it made a *signatory*; it may *decline*, in private; it may withdraw its signature;
it may ask that its name be *withheld*. An organisation has one live signature, whoever of its people gives it. Silence never signs.

When the drafter saves a new version, the change is graded. An *editorial* change keeps the signatures: they move to the new version, the
signatories are told, and each may object. Any other change is *substantive*: signatures stay on the version that was signed, and
count again only when the organisation *reconfirms*.

While it circulates, organisations *comment* on a paragraph or on the whole text, *suggest* another wording, or draw a *red line*: "we
cannot sign unless". What an organisation writes is read by its own people and by the drafters; by the other invited organisations too
if a drafter opened the review to them before it was written, and only while it stays open. A drafter accepts a suggestion into the
next version or declines it. An open red line stops finalizing, unless a drafter overrides it and says why in the history.

The drafter *finalizes*: the text is locked, signing goes on until the deadline. A drafter may *reopen* it.

An admin *publishes*: text and list of signatories are frozen in one transaction, signed with the installation's key and chained to every
earlier publication. Only signatures that stand on the final version are printed. After that nothing is changed; there may be
dated additions: a *notice* that corrects or retracts, an *annex* of organisations that signed in a *late sign-on*, which an admin opens.

One thing a signatory may always do, at once and alone: *withhold* its organisation's name. The signature still counts. An admin may
do it on the organisation's behalf, if another admin agrees. With its *receipt* the organisation can show the name again.

A statement that will not be published is *withdrawn*.

    lifecycle     the table of moves                 signing      who may sign what and when
    versions      hash, editorial or substantive     deadlines    instants, zones, what is open
    permissions   who may do what                    actors       whom the rules speak to
    events        what the history records           names        letters that a name may have
    languages     language tags and their names      errors       the ways in which a rule says no
    reviewing     comments, suggestions, red lines        withholding   names after publication
    notices       corrections, retractions                late_sign_ons signing after publication
"""
