"""HTML as programs put it on the clipboard: small, with what is typical of each."""

WORD = """<html xmlns:o="urn:schemas-microsoft-com:office:office" xmlns:w="urn:schemas-microsoft-com:office:word">
<head><meta name=Generator content="Microsoft Word 15"><style><!-- p.MsoNormal {margin:0cm} --></style></head>
<body lang=EN-GB style='tab-interval:36.0pt'><!--StartFragment-->
<p class=MsoTitle>Letters are not contraband<o:p></o:p></p>
<h1><span style='mso-bidi-font-weight:bold'>What happened</span><o:p></o:p></h1>
<p class=MsoNormal>A letter weighs <b style='mso-bidi-font-weight:normal'>twenty
grams</b>.<a style='mso-footnote-id:ftn1' href="#_ftn1" name="_ftnref1" title=""><span class=MsoFootnoteReference><span
style='mso-special-character:footnote'><![if !supportFootnotes]><span class=MsoFootnoteReference>[1]</span><![endif]></span></span></a>
See <a href="https://example.org/a">the <i>report</i></a>, <a href="file:///C:/secret.docx">here</a>.<o:p></o:p></p>
<p class=MsoNormal><o:p>&nbsp;</o:p></p>
<p class=MsoListParagraphCxSpFirst style='text-indent:-18.0pt;mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-fareast-font-family:Calibri'><span style='mso-list:Ignore'>3.<span style='font:7.0pt "Times New Roman"'>&nbsp;&nbsp;&nbsp;
</span></span></span><![endif]>Register every letter.<o:p></o:p></p>
<p class=MsoListParagraphCxSpMiddle style='mso-list:l0 level2 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>·<span>&nbsp;&nbsp;</span></span><![endif]>within a week<o:p></o:p></p>
<p class=MsoListParagraphCxSpLast style='mso-list:l0 level1 lfo1'><![if !supportLists]><span
style='mso-list:Ignore'>4.<span>&nbsp;&nbsp;</span></span><![endif]>Burn none.<o:p></o:p></p>
<table class=MsoTableGrid border=1><tr><td><p class=MsoNormal>Month</p></td><td><p class=MsoNormal>Letters</p></td></tr>
<tr><td><p class=MsoNormal>May</p></td><td><p class=MsoNormal>1,460</p><p class=MsoNormal>returned</p></td></tr></table>
<div style='mso-element:footnote-list'><![if !supportFootnotes]><br clear=all><hr align=left size=1 width="33%"><![endif]>
<div style='mso-element:footnote' id=ftn1><p class=MsoFootnoteText><a style='mso-footnote-id:ftn1' href="#_ftnref1"
name="_ftn1" title=""><span class=MsoFootnoteReference>[1]</span></a> By our <i>own</i> scales.<o:p></o:p></p></div></div>
<!--EndFragment--></body></html>"""
WORD_READS = """\
## Letters are not contraband

## What happened

A letter weighs **twenty grams**.[^1] See [the *report*](https://example.org/a), here.

3. Register every letter.
   - within a week
4. Burn none.

| Month | Letters |
| --- | --- |
| May | 1,460 returned |

[^1]: By our *own* scales."""

LIBREOFFICE = """<!DOCTYPE html><html><head><meta http-equiv="content-type" content="text/html; charset=utf-8"/><title></title>
<meta name="generator" content="LibreOffice 7.4 (Linux)"/><style type="text/css">p { margin-bottom: 0.25cm }</style></head>
<body lang="be-BY"><h2 class="western">Патрабаванні</h2>
<p style="margin-bottom: 0cm">Ліст важыць <b>дваццаць</b> грамаў<a class="sdfootnoteanc" name="sdfootnote1anc"
href="#sdfootnote1sym"><sup>1</sup></a>.</p>
<ol start="2"><li><p>Рэгістраваць кожны ліст.</p></li><ol><li><p>на працягу тыдня</p></li></ol><li><p><i>Не паліць.</i></p></li></ol>
<ul><li/><p>пункт</p></ul>
<div id="sdfootnote1"><p class="sdfootnote"><a class="sdfootnotesym" name="sdfootnote1sym" href="#sdfootnote1anc">1</a>Паводле
ААН.</p></div></body></html>"""
LIBREOFFICE_READS = """\
### Патрабаванні

Ліст важыць **дваццаць** грамаў[^1].

2. Рэгістраваць кожны ліст.
   1. на працягу тыдня
3. *Не паліць.*

- пункт

[^1]: Паводле ААН."""

GOOGLE = """<meta charset='utf-8'><b style="font-weight:normal;" id="docs-internal-guid-0a1b"><h2 dir="ltr"><span
style="font-size:16pt;font-weight:700;font-style:normal;white-space:pre-wrap;">We demand</span></h2><p dir="ltr"><span
style="font-weight:400;font-style:normal;text-decoration:none;">A letter is </span><span
style="font-weight:700;font-style:normal;">not</span><span style="font-weight:400;font-style:italic;"> contraband</span><span
style="font-weight:400;text-decoration:line-through;"> at all</span>. <a href="https://example.org/" style="text-decoration:none;"><span
style="font-weight:400;text-decoration:underline;">More</span></a></p><br /><ul style="padding-inline-start:48px;"><li dir="ltr"
aria-level="1"><p dir="ltr" role="presentation"><span style="font-weight:400;">one</span></p></li><ul><li dir="ltr" aria-level="2"><p
dir="ltr"><span>deeper</span></p></li></ul><li dir="ltr"><p dir="ltr"><span>two</span></p></li></ul></b><br
class="Apple-interchange-newline">"""
GOOGLE_READS = """\
### We demand

A letter is **not** *contraband* ~~at all~~. [More](https://example.org/)

- one
  - deeper
- two"""

BROWSER = """<meta charset='utf-8'><article style="color: rgb(0, 0, 0); font-weight: 400; font-style: normal;"><h1>Statement</h1>
<section><div>First line<br>second <strong>line</strong><br></div><p>See <a href="/relative">this</a> and
<a href="https://example.org/b?x=1&amp;y=(2)">that</a>.<img src="https://tracker.example.org/x.png" onerror="alert(1)"></p>
<blockquote>Quoted <em>words</em></blockquote><script>alert(1)</script><style>p{}</style></section></article>"""
BROWSER_READS = """\
## Statement

First line\\
second **line**

See this and [that](https://example.org/b?x=1&y=%282%29).

> Quoted *words*"""
