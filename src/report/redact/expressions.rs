//! What the redactor looks for, as expressions: in a file of their own, because the build compiles them all.
//! What their groups are, and what is made of a match, is said where each is used.

use crate::engine::Reading;

/// How they are read.
pub(crate) const READING: Reading = Reading {
    case_insensitive: false,
    groups: true,
};

macro_rules! expressions {
    ($($(#[$doc:meta])* $name:ident = $source:expr;)*) => {
        $($(#[$doc])* pub(super) const $name: &str = $source;)*

        /// Every expression.
        #[allow(dead_code, reason = "the build and tests go through them all")]
        pub(crate) const ALL: &[&str] = &[$($name),*];
    };
}

/// What stands between a key and its value.
macro_rules! sign {
    () => {
        r#"(?:(?:\\*["']|%(?:25)*2[27])?\s{0,4}(?:=>|:=|==?|:|%(?:25)*3[aAdD](?:%(?:25)*20)?|\\u003[dD])|\\*["']\s{0,4},(?:\s{0,4}\\*["']value\\*["']\s{0,4}:)?)"#
    };
}

expressions! {
    // Commands.
    SECRET_OPTION = r"(?i)--(?:[a-z0-9-]*-)?(password|passwd|passphrase|pass|pwd|token|secret|(?:api|access|secret|auth)-?key)[ \t]+";
    CURL_LOGIN = r#"\bcurl\b[^\n]*?\s(?:-u|--user|-U|--proxy-user)[ =]?["']?([^\s:"'<>]+):([^\s"'<>]+)"#;

    // Sentences that name a user.
    USER_TOLD = concat!(
        r"(?i)\buser\s([\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])",
        r"(?::\s|\s(?:not\s(?:found|allowed|authori[sz]ed|permitted|active|in\b|a\b)|lacks\s|cannot\s|failed\b|tried\s|attempted\s|requested\s|exceeded\s|sent\s))",
        r"|\b(?:(?:logged|signed)\sin\sas|authenticated\s(?:as|user))\s([\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])(?:[\s,.;:)\]]|$)",
        r"|\bpermission\sdenied\sfor\s([\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])(?:[,.;:)\]]|\s*$)",
    );
    USER_SPOKEN = concat!(
        r#"(?i)\b(?:user(?:name)?|role|account)\s\\*["']([^"'\\\n]+)\\*["']"#,
        r"|\b(?:for|by|as|from|of)\s(?:the\s)?user\s([\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])",
        r"|\buser\s([\p{L}\p{N}_.@+-]*[\p{L}\p{N}_])\s(?:\(id|connected|disconnected|joined|left|logged|authenticated|rejected|accepted|denied|unauthorized|subscribed|has\s|does\s|is\s|was\s)",
    );
    USER_IN_FULL = concat!(
        r"\b(?:[Uu]ser|[Aa]ccount|[Aa]uthenticated(?: as| user)?|[Ll]ogged in as)",
        r"\s(\p{Lu}[\p{L}'-]*(?: \p{Lu}\.?)?(?: \p{Lu}[\p{L}'-]+){1,2})",
        r"(?:\s?[(,;:|)\]\[]|\.?\s*$|\s(?:with|on|in|to|from|at|by|is|was|has|does|connected|disconnected|joined|left|logged|authenticated|rejected|accepted|denied|unauthorized|subscribed)\b)",
    );
    USER_DOTTED = concat!(
        r"(?i)\b(?:connect(?:ion|ed|ing)?|disconnect(?:ion|ed|ing)?|attempt|handshake|join(?:ed|ing)?|open(?:ed|ing)?|accept(?:ed|ing)?",
        r"|clos(?:ed|ing)|reject(?:ed|ing)?|refus(?:ed|ing)|denied|websocket|socket|session|token|login|expired|authenticated|auth|authentication|failed)",
        r"(?:\s(?:for|from|by|of|as)\s|\sas\s)(\p{L}[\p{L}\p{N}_-]*\.\p{L}[\p{L}\p{N}_-]*)(?:[\s,;:!)\]\x22']|\.?$|\.\s)",
    );
    USER_DOING = concat!(
        r"(?i)\b(?:authenticated(?:\sas)?|(?:connect(?:ion|ed)?|disconnect(?:ion|ed)?|attempt|handshake|joined|opened|accepted|closed|rejected|refused)\s(?:from|for|by|of))",
        r"\s([\p{L}][\p{L}\p{N}_.+-]*[\p{L}\p{N}_])(?:\s(?:with|on|in|to|\()|[,;]|$)",
    );

    // Headers.
    AUTHORIZATION_HEADER = concat!(
        r"(?i)(?:(authorization)|x-[a-z-]*(?:auth|key|token))",
        sign!(),
        r"\s*",
    );
    SCHEME_WORD = r"^([A-Za-z][A-Za-z0-9-]*)(?:\s+|%(?:25)*20|\+)";
    KNOWN_SCHEME = concat!(
        r"(?i)^(?:bearer|token|basic|digest|jwt|negotiate|api-?key|aws4-hmac-sha256|knox|hawk|ntlm|custom|mac",
        r"|oauth|dpop|vapid|signature|private-token)$",
    );
    SCHEME_SHAPE = r"^[A-Z][A-Za-z]*(?:-(?:[A-Za-z]+|[A-Z0-9]{1,6}))*$";
    CREDENTIALS_PART = r#"^[,\s]*([A-Za-z][A-Za-z_-]{1,19})=(?:\\*"([^"\\\n]*)\\*"|([A-Za-z0-9][^,\s"'\\]*)(?:,|$))"#;
    COOKIE_HEADER = concat!(
        r#"(?i)cookies?(?:\\*["']\]\s?=|"#,
        sign!(),
        r#")\s*\[?(?:[bu]?\\*["'])?"#,
    );
    COOKIE_PAIR = concat!(
        r#"^(?:;|,)?[ \t]*([\w.$!%*+^~-]+)"#,
        // A value of its own quotes ends before a semicolon, or the header does.
        r#"(?:=(?:\\*"([^"\\;\n]+)\\*"(?:;|\s*$)|((?:[^;\s"'\\,]|,[^;\s"'\\,])*)))?"#,
    );
    COOKIE_KEY = r#"^\\*["']?\s*[{,]\s*[bu]?\\*["']([^"'\\\n]+)\\*["']\s*:"#;
    SUBPROTOCOL_HEADER = concat!(
        r#"(?i)(?:sec-websocket-protocol|subprotocols?|websocket_protocols)"#,
        sign!(),
        r#"\s*[\[(]?(?:[bu]?\\*["'])?"#,
    );
    SUBPROTOCOL_ITEM = r#"^(?:\\*["'])?[,\s]*(?:[bu]?\\*["'])?([^\s,"'\\\[\](){}<>]+)"#;

    // Where a value begins and ends, and what is none.
    VALUE_OPENING = concat!(
        // Objects that are printed with their value.
        r"^[ \t]*(?:(?:(?:\w+\.)?(?:UUID|Secret(?:Str|Bytes)?|ObjectId|str|bytes|bytearray|memoryview|Markup|SafeString)\()?",
        r#"(\[\s*)?[bBuUrRfF]{0,2}(\\*(?:\x27{3}|\x22{3}|["'`]))|%(?:25)*2[27]|[ \t]*)"#,
    );
    NEXT_OF_LIST = r#"^\\*["'`]+\s*,\s*[bBuUrR]{0,2}(\\*["'])"#;
    VALUE_END = r#"[\s"'`<>&;#|\x00-\x1f]|\\+["'nrt]|\\u00(?:26|22|27|3c|3e)|%(?:25)*(?:26|20|22|27)|,\s|,$"#;
    PLACEHOLDER = concat!(
        r"(?i)^(?:null|undefined|none|nil|nan|true|false|empty|missing|n/a|redacted|filtered|hidden|",
        r"\[.*\]?|\{.*\}?|<.*|&lt;.*|%3c.*|%[sdr]|%\(\w+\).*|\$\{?[A-Z_]+\}?|\$\(.*|[*x•.…_-]+|",
        r"your[-_ ]?\w+|(?-i:[A-Z_]*(?:YOUR|TOKEN|PASSWORD|SECRET|KEY)[A-Z_]*))$",
    );
    CODE = concat!(
        r"^(?:(?:await|self|cls|request|scope|settings|os|config|conf|env|message|event|jwt|query_string|",
        r"query_params|params|kwargs|args|data|content|payload|headers|sys|process|import|options|parse_qs|this|window|",
        r"localStorage|sessionStorage|document|state|props)(?:[.\[(]|$)",
        r"|[A-Za-z_][A-Za-z_.]*[\[(].*[\])]?$)",
    );

    // Logins in URLs.
    URL_LOGIN = r#"://([^\s/:@"'<>?#]*):([^\s/"'<>]+)@"#;
    SLASHED_LOGIN = concat!(
        r"(?i)\b(?:rediss?|amqps?|postgres(?:ql)?|mysql|mongodb)(?:\+\w+)?://",
        r#"([^\s/:@"'<>?#]*):([^\s"'<>@/]*/[^\s"'<>@]*)@"#,
    );
    URL_USER = r#"://([^\s/:@"'<>?#\\]+)@"#;
    URL_START = r"^(?:[A-Za-z][A-Za-z0-9+.-]*:)?//\S*@|^//[^\s/@:]+[:/]";

    // What is known by its shape alone.
    JWT = r"eyJ[A-Za-z0-9_-]{2,}(?:={0,2}(?:\.|%2[eE])[A-Za-z0-9_-]*)*(?:={0,2})";
    MAIL = r"[\p{L}\p{N}_](?:[\p{L}\p{N}._%+'-]*[\p{L}\p{N}_+])?(?:@|%40|%2540|\\u0040)(?:[\p{L}\p{N}-]+\.)+\p{L}{2,}";
    MAIL_AT_BARE_HOST = concat!(
        r"(?:([\p{L}\p{N}_+-]*\p{L}[\p{L}\p{N}_+-]*\.[\p{L}\p{N}_.+-]*[\p{L}\p{N}_])@\p{L}[\p{L}\p{N}-]*",
        r"|([\p{L}\p{N}_.+-]*[\p{L}\p{N}_])@localhost)(?:[^\p{L}\p{N}.:/@(_-]|[.:,](?:\s|$)|$)",
    );
    LOCAL_VARIABLE = concat!(
        r#"└ (?:[bBuUrR]{0,2}(?:'[^'\n]+'|"[^"\n]+")"#,
        r#"|[(\[](?:[^()\[\]{}'"\n]*[bBuUrR]{0,2}(?:'[^'\n]*'|"[^"\n]*"))+)"#,
    );
    QUOTED_STRING = r#"'([^'\n]+)'|"([^"\n]+)""#;
    ENCODED_HEAD = r"^.*?%(?:25)?(?:3[aAdDfF]|2[26cCfF])";
    OPAQUE_WORD = r"[A-Za-z0-9_+-]{20,}={0,2}";
    BEFORE_NONCE = r#"(?i)sec-websocket-(?:key|accept)["']?\s*[:,]\s*b?["']?[\w+/]*/?$"#;
    UUID = r"(?i)[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}";
    BASE64_LINE = r"[A-Za-z0-9+/]{32,}={0,2}";
    PHONE = concat!(
        r"(?:\+|%2[bB])[1-9](?:\d{9,14}|\d{0,2}",
        r"(?:(?:[ .-]|%20)?\(\d{1,5}\)|(?:[ .-]|%20)\d{1,12})(?:(?:[ .-]|%20)?\d{2,8}){0,5})",
    );
    ADDRESS_V4 = r"\d{1,3}(?:\.\d{1,3}){3}";
    BEFORE_VERSION = r"(?:[A-Za-z)]/|[\d.\w]$|==|[a-z]-)$|[\w.]$";
    ADDRESS_V6 = r"(?:[0-9A-Fa-f]{0,4}:){2,7}(?:(?:\d{1,3}\.){3}\d{1,3}|[0-9A-Fa-f]{0,4})";

    // Words that announce a secret.
    SECRET_KEY = concat!(
        r"(?i)(token|passwd|password\d?|passphrase|(?:\b|_)(?:pwd|pass|pw|otp|sid|jti)|secret(?:[_-]?key)?|jwt|",
        r"session[_ -]?(?:id|key)|sess|cookie[_-]?id|api[_ -]?key|auth_user_hash|signature|credentials?|",
        r"(?:access|private|signing|encryption|account|shared|master|fernet)[_-]?key)",
        r"(?:\s(?:[a-z]+\s){0,2}[a-z]+\s?:|\s(?:ending|starting)(?:\s(?:in|with))?\s|\s(?:is|was)\s|",
        sign!(),
        // `password: str = …`
        r"(?:\s?(?:str|bytes|SecretStr|Optional\[str\])(?:\s?\|\s?None)?\s?=)?)",
    );
    SECRET_TAG = concat!(
        r"(?i)<(?:[\w.-]+:)?[\w.-]*?(token|passwd|password|passphrase|pwd|secret|api[_-]?key|jwt|session_?id|signature|credentials?)",
        r"(?:\s[^<>]*)?>([^<>]+)</",
    );
    SCHEME = r#"(?i)(bearer|\btoken|\bbasic|\bjwt|\bapi-?key)(?:\s|%20|\+|\\*["']\s?,\s?\\*["'])"#;

    // Pseudonyms given before.
    PSEUDONYM = r"<[a-z]+-\d+>";

    // Keys of providers.
    CLOUD_KEY = concat!(
        // Amazon, Google, Azure, DigitalOcean, Heroku, Databricks.
        r"(?:AKIA|ASIA)[0-9A-Z]{12,}|AIza[0-9A-Za-z_-]{20,}|GOCSPX-[A-Za-z0-9_-]{12,}|ya29\.[A-Za-z0-9_-]{10,}",
        r"|GOOG1?[A-Z0-9]{20,}|[A-Za-z0-9_~.-]{3}8Q~[A-Za-z0-9_~.-]{30,}|do[opr]_v1_[A-Za-z0-9_]{20,}",
        r"|HRKU-[A-Za-z0-9_-]{20,}|dapi[0-9a-f]{32}",
        // GitHub, GitLab, npm, PyPI, Docker, Hugging Face.
        r"|gh[pousr]_[A-Za-z0-9]{16,}|github_pat_[A-Za-z0-9_]{20,}",
        r"|gl(?:pat|dt|rt|cbt|ptt|ft|imt|agent|soat|oas)-[A-Za-z0-9_-]{16,}",
        r"|npm_[A-Za-z0-9_]{30,}|pypi-[A-Za-z0-9_-]{20,}|dckr_(?:pat|oat)_[A-Za-z0-9_-]{20,}|hf_[A-Za-z0-9]{20,}",
        // Slack, Discord, SendGrid, Shopify, Square, Sentry, Grafana, Vault.
        r"|xox[a-z](?:\.xox[a-z])?-[A-Za-z0-9_-]{8,}|xapp-[0-9]-[A-Za-z0-9_-]{8,}|hooks\.slack\.com/services/[A-Za-z0-9_/]{12,}",
        r"|discord(?:app)?\.com/api/webhooks/\d+/[A-Za-z0-9_-]+|SG\.[A-Za-z0-9_-]{16,}\.[A-Za-z0-9_-]{16,}",
        r"|shp(?:at|ca|pa|ss)_[0-9A-Fa-f]{16,}|sq0[a-z]{3}-[A-Za-z0-9_-]{20,}|sntry[su]_[A-Za-z0-9_=+/-]{20,}",
        // Linear, Postman, Brevo, Tailscale, Doppler, New Relic, Firebase's messages.
        r"|lin_(?:api|oauth)_[A-Za-z0-9]{20,}|PMAK-[A-Za-z0-9-]{20,}|xkeysib-[A-Za-z0-9-]{20,}|tskey-[a-z]+-[A-Za-z0-9-]{12,}",
        r"|dp\.(?:pt|st|ct|sa|scim|audit)\.[A-Za-z0-9_.]{20,}|NRAK-[A-Z0-9]{20,}|APA91b[A-Za-z0-9_-]{20,}",
        r"|gl(?:sa|c)_[A-Za-z0-9_=+/-]{20,}|hv[sbr]\.[A-Za-z0-9_-]{20,}|whsec_[A-Za-z0-9_]{12,}",
        r#"|django-insecure-[!#-&(-~]{12,}|AGE-SECRET-KEY-1[A-Z0-9]{20,}"#,
    );
    PRIVATE_KEY_BLOCK = r#"-----BEGIN [A-Z0-9 ]*PRIVATE KEY-----(?:[^"'-]|-[^"'-])*"#;
    PRIVATE_KEY_BODY = r"-----(?:[^-]|-[^-])*?[A-Za-z0-9+/]{16,}";
    SHORT_CLOUD_KEY = concat!(
        r"[prs]k_(?:live|test)_[A-Za-z0-9_]{8,}|sk-[A-Za-z0-9_-]{20,}",
        // Twilio, Mailgun, Groq, Supabase, Replicate, Telegram.
        r"|(?:SK|AC)[0-9a-f]{32}|key-[0-9a-f]{32}|gsk_[A-Za-z0-9]{20,}|sbp_[0-9a-f]{20,}|r8_[A-Za-z0-9]{20,}",
        r"|[0-9]{8,10}:AA[A-Za-z0-9_-]{30,}",
    );
    ENCODED_BEFORE = r"(?:%[0-9A-Fa-f]{2}|\\u[0-9A-Fa-f]{4}|\\[nrt])$";

    // Words that announce a secret in some places.
    AMBIGUOUS_KEY = concat!(
        // `Sec-WebSocket-Key` is no secret: nothing with a hyphen before.
        r"(?i)(?:^|[^\w-])(?:[a-z0-9_]*_)?",
        r"(?:(session|refresh|access|ticket|key|auth|otp|nonce|hmac|sig)",
        sign!(),
        r#"|(session|ticket|password|passphrase|secret)\s(?:[bu]?\\*["'])?)"#,
    );
    TIME_START = r"^(?:\d{4}-\d\d-\d\d|\d\d:\d\d|0[xX])";
    PLAIN_PART = r"^(?:\p{L}*\d{0,5}|\d+(?:\.\d+)?(?:px|[num]?s|[kmg]?b)?)$";
    RANDOM_LETTERS = r"^[A-Za-z0-9_.~+=%-]{8,}$";

    // Parameters of queries.
    PARAMETER = concat!(
        r"(?i)(?:[?&;]|%(?:25)*(?:3f|26)|\\u0026|\bamp;|\bb\\*[\x22']",
        r"|\bquery_?string\\*[\x22']?\s?[:=,]\s?(?:b?\\*[\x22'])?)",
        // A letter or a bracket of the name may be encoded, what ends the name is none.
        r"((?:[\w.\[\]-]|%(?:25)*(?:2[de]|3[0-9]|4[1-9a-f]|5[0-9abdf]|6[1-9a-f]|7[0-9a])|\\u00[4-7][0-9a-f])+)",
        r"(=|%((?:25)*)3d|\\u003d)",
    );
    BEFORE_QUERY = r"(?i)(?:\bb\\*[\x22']|\bquery_?string\\*[\x22']?\s?[:=,]\s?(?:b?\\*[\x22'])?)$";
    SECRET_PARAMETER = concat!(
        r"(?:token|passwd|password\d?|passphrase|passcode|pwd|secret(?:[_-]?key)?|jwt|session[_-]?(?:id|key)|sess",
        r"|cookie[_-]?id|(?:api|access|private|signing|encryption|account|shared|master|fernet)[_-]?key|signature|credentials?|csrf)$",
        // Words that mean much else outside of queries.
        r"|(?:^|[_.-])(?:key|code|ticket|sig|sign|state|auth|authorization|otp|nonce|hash|hmac|session|access",
        r"|pass|pw|pin|policy|t|st|at|sid|tok|tk|jti|bearer)$|^x-amz-\w+$",
    );
    PARAMETER_SCHEME = r"(?i)^(?:bearer|token|jwt|basic|api-?key)(?:(?:%(?:25)*20|\+)+| (?:[^\sH]|H[^T]))";
    PARAMETER_PLACEHOLDER = concat!(
        r"(?i)^(?:<[\p{L}_. -]*(?:-\d+)?>?|[\[{$(]+[\p{L}_.-]*(?:token|jwt|key|secret|pass|ticket|sess|cred",
        r"|cookie|auth|redact|filter|hidden|mask|your)[\p{L}_.-]*[\]})]*)$",
    );
    PARAMETER_END = concat!(
        r"[\s&#\x00-\x1f]|[\x22'`<>|]+(?:[^\p{L}\p{N}\x22'`<>|]|$)|;(?:[^\p{L}\p{N}%]|[\w.-]+=|$)|,(?:\s|$)",
        r"|\\+[\x22'nrt]|\\u00(?:26|22|27|3c|3e)|%((?:25)*)(?:20|22|23|26|27)",
    );

    // Words that announce a name.
    NAME_KEY = concat!(
        r"(?i)(?:user[_ -]?(?:name|id|email)?|\blogin|(?:first|last|full|nick|display|given|family)[_ -]?name|nickname)",
        r"(?:\s(?:connected|disconnected|joined|left|authenticated|found|loaded|resolved|retrieved|is|logged\s(?:in|out))\s?:|",
        sign!(),
        r")",
    );
    NAME_IN_FULL = r"^(\p{Lu}[\p{L}'.-]*(?: \p{Lu}[\p{L}'.-]*){1,2})(?:\s?(?:[,;(|)\]}]|$)|\s(?:connected|disconnected|joined|left|logged|authenticated)\b)";
    NAME_WORD = r"^[\p{L}\p{M}\p{N}_.@+'%$~-]*[\p{L}\p{M}\p{N}_]";
    CLAIM = concat!(
        r"(?i)\b(?:sub|uid|usr|owner|principal|user\.(?:full_?)?name)",
        r#"(?:=|\\*["']\s?:\s?|%(?:25)*3d)"#,
        r#"|\buser\w*\\*["']?\s?[:=]\s?\{[^{}\n]*?[{,]?\s?\\*["']name\\*["']\s?:\s?"#,
    );
    PRINTED_USER = r"(?i)<(?:\w+\.)*\w*(?:user|account|profile|member|person)\w*: ?([^<>\n]+)>";
    HOME = r#"(?:(^|[^\w./])(?:/(?:mnt/[a-z]|var|export|data|usr|private))?/(?:home|[Uu]sers)/|\bfile:/{1,3}(?:home|Users)/|[A-Za-z]:(?:\\+|/)(?:Users|users|Documents and Settings)(?:\\+|/))([^/\\\s"'<>:|]+(?: [\p{L}\p{N}]+)?)([/\\]|$|["':])"#;
    REQUEST_START = r"(?:GET|HEAD|POST|PUT|PATCH|DELETE|OPTIONS|WebSocket|HTTP|path|Path|Found|for)[:=]? ?[b'\x22]*$";
    WHOLE_MAIL = r"^[^@\s]+@[^@\s]+\.[^@\s]+$";
    WHOLE_UUID = r"(?i)^[0-9a-f]{8}(?:-[0-9a-f]{4}){3}-[0-9a-f]{12}$";

    // Pieces of secrets that are known.
    PIECE = r"[A-Za-z0-9_-]{8,}";
    DOTTED_PIECE = r"[A-Za-z0-9_.-]{8,}";
}
