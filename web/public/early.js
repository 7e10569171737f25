// Before the first paint: theme and language; and what the page will need is asked for while the program is still on its way.
// A file of its own because the policy allows no inline script.
(function () {
  var root = document.documentElement;
  var theme = localStorage.getItem('osect.theme');
  if (theme === 'light' || theme === 'dark') root.dataset.theme = theme;
  var locale = localStorage.getItem('osect.locale');
  root.lang = locale === 'en' || locale === 'ja' ? locale : /^ja/.test(navigator.language) ? 'ja' : 'en';

  // Filled in by the build: the files of each page and language.
  var files = {};
  var page = /^\/(?:o\/\d+\/)?(\w*)(\/\d+)?/.exec(location.pathname);
  var name = page[1] === 'devices' && page[2] ? 'device' : page[1] || 'home';
  (files[root.lang] || []).concat(files[name] || []).forEach(function (file) {
    var link = document.createElement('link');
    var isStyle = /\.css$/.test(file);
    link.rel = isStyle ? 'preload' : 'modulepreload';
    if (isStyle) link.as = 'style';
    link.href = '/' + file;
    document.head.append(link);
  });
  if (name === 'login') return;
  window.earlySession = fetch('/api/v1/session', { headers: { Accept: 'application/json' }, credentials: 'same-origin' });
  // Whoever takes it hears of its failure; while nobody has, it must not count as unhandled.
  window.earlySession.catch(String);
})();
