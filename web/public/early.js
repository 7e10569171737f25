// Sets theme and language before the first paint; a file of its own because the policy allows no inline script.
(function () {
  var root = document.documentElement;
  var theme = localStorage.getItem('osect.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  var locale = localStorage.getItem('osect.locale');
  root.lang = locale === 'en' || locale === 'ja' ? locale : /^ja/.test(navigator.language) ? 'ja' : 'en';
})();
