package api

// offered is one that people can say they write in.
type offered struct {
	Code string `json:"code"`
	Name string `json:"name"`
}

// languages are those that are offered: the codes of ISO 639-1 in wide use, with their own names.
func (a *API) languages(r *request) error { return r.json(written) }

var written = []offered{
	{"ar", "العربية"}, {"be", "Беларуская"}, {"bg", "Български"}, {"bn", "বাংলা"}, {"br", "Brezhoneg"}, {"ca", "Català"},
	{"cs", "Čeština"}, {"cy", "Cymraeg"}, {"da", "Dansk"}, {"de", "Deutsch"}, {"el", "Ελληνικά"}, {"en", "English"},
	{"eo", "Esperanto"}, {"es", "Español"}, {"et", "Eesti"}, {"eu", "Euskara"}, {"fa", "فارسی"}, {"fi", "Suomi"},
	{"fr", "Français"}, {"ga", "Gaeilge"}, {"gd", "Gàidhlig"}, {"gl", "Galego"}, {"he", "עברית"}, {"hi", "हिन्दी"},
	{"hr", "Hrvatski"}, {"hu", "Magyar"}, {"hy", "Հայերեն"}, {"id", "Bahasa Indonesia"}, {"is", "Íslenska"}, {"it", "Italiano"},
	{"ja", "日本語"}, {"ka", "ქართული"}, {"kk", "Қазақша"}, {"ko", "한국어"}, {"la", "Latina"}, {"lt", "Lietuvių"},
	{"lv", "Latviešu"}, {"mk", "Македонски"}, {"ml", "മലയാളം"}, {"mr", "मराठी"}, {"ms", "Bahasa Melayu"}, {"nb", "Norsk bokmål"},
	{"nl", "Nederlands"}, {"nn", "Norsk nynorsk"}, {"oc", "Occitan"}, {"pl", "Polski"}, {"pt", "Português"}, {"ro", "Română"},
	{"ru", "Русский"}, {"sk", "Slovenčina"}, {"sl", "Slovenščina"}, {"sq", "Shqip"}, {"sr", "Српски"}, {"sv", "Svenska"},
	{"sw", "Kiswahili"}, {"ta", "தமிழ்"}, {"te", "తెలుగు"}, {"th", "ไทย"}, {"tr", "Türkçe"}, {"uk", "Українська"},
	{"ur", "اردو"}, {"vi", "Tiếng Việt"}, {"zh", "中文"},
}
