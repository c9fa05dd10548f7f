/* The component of lagesbild.components.markup: one element whose inside is ready-made HTML. What is in it was escaped
   where it was written, and the page's policy lets no script in it run. */
(function () {
  "use strict";
  window.lagesbild_html = {};
  window.lagesbild_html.Html = function (props) {
    return window.React.createElement(props.tag, Object.assign({}, props.told, {
      dangerouslySetInnerHTML: { __html: props.html }
    }));
  };
})();
