const listOf = (words: string): ReadonlySet<string> => new Set(words.split(' '));

/** The commonest words of English that are none of the other languages' below. */
const english = listOf(
  'the of and to is that it for was with be as are this have from or by not but what all were when we there can you if ' +
    'your which their has will one how would each about up out them then she many some so these her like him into time ' +
    'look two more my than been who its now did get made may after over new only our at his they an he had on The It ' +
    'This If You We And To',
);

/** The same of German, French, Spanish, Portuguese, Italian and Dutch. */
const foreign = listOf(
  'der die und das ist nicht ein eine zu den mit von auf im dem des sich als auch es an werden aus er hat dass sie nach ' +
    'wird bei einer um am sind noch wie einem über einen so zum war haben nur oder aber vor zur bis mehr durch man sein ' +
    'kann wir ich wenn Die Der Das Sie Es Ich Wir Ein Eine Im In ' +
    'le la les et est une dans que pour qui sur pas au ce il ne se plus par je avec tout nous mais vous ou son du un ' +
    'el los las del en lo por con su para como pero al si ya ' +
    'do da os as dos uma em no na com mais mas foi ao ele ' +
    'di che non per sono gli della nel alla ' +
    'het een van dat te niet zijn op voor met aan maar om bij ook naar uit nog wel',
);

export const isEnglish = (word: string): boolean => english.has(word);
export const isForeign = (word: string): boolean => foreign.has(word) && !english.has(word);
