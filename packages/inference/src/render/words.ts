/** Common English words of three to nine letters, for sentences that a validator can invent. */
export const WORDS = (
  'able about above account across action active actor add after again agree air allow almost alone along already ' +
  'always among angle animal answer apple april arm army around arrive art ask attack august aunt autumn away baby ' +
  'back bad bag balance ball band bank base basket battle beach bear beat beauty bed before begin behind believe bell ' +
  'below bench best better between big bird birth bite black blanket block blood blow blue board boat body bone book ' +
  'border born borrow both bottle bottom bowl box boy brain branch bread break breath bridge bright bring broad brother ' +
  'brown brush build burn bus bush business busy butter button buy cake call camera camp candle capital captain car card ' +
  'care carry case castle cat catch cause center certain chain chair chance change cheap check cheese chest chicken ' +
  'child church circle city class clean clear clock close cloth cloud coast coat coffee cold collect college color come ' +
  'common company compare cook cool copper corn corner correct cost cotton count country course court cover cow crowd ' +
  'cry cup current curtain custom cut dance danger dark daughter day dead deal decide deep deer degree desert design ' +
  'desk detail differ dinner direct discover dish distance divide doctor dog door double down draw dream dress drink ' +
  'drive drop dry duck during dust duty each early earth east easy eat edge effect egg eight either electric else empty ' +
  'end energy engine enough enter equal evening event ever every exact example except expect eye face fact fair fall ' +
  'family famous farm fast father favor fear feather feed feel feet fence few field fight figure fill final find fine ' +
  'finger finish fire first fish five flat floor flower fly follow food foot force foreign forest forget form forward ' +
  'found four fox frame free fresh friend from front fruit full future game garden gate gather general gentle gift ' +
  'girl give glad glass goat gold good grand grass gray great green ground group grow guard guess guide gun hair half ' +
  'hammer hand happen happy harbor hard hat head hear heart heat heavy height help here high hill history hold hole ' +
  'holiday home honest hope horse hospital hot hour house huge human hundred hunt hurry ice idea insect inside island ' +
  'january job join judge july jump june keep kettle key kind king kitchen knee knife know ladder lady lake lamp land ' +
  'language large last laugh law lead leaf learn leather leave left leg lemon less letter level library lift light ' +
  'line lion lip list listen little live lock long look lost loud love low lunch machine main make market match matter ' +
  'meal measure meat meet melt memory metal middle milk mind minute mirror modern moment money monkey month moon morning ' +
  'mother mountain mouth move much music must nail name narrow nation nature near neck need needle nest never new news ' +
  'night nine noise north nose note nothing notice now number ocean offer office often oil old once one onion open ' +
  'orange order other outside oven over own page pain paint pair paper parent park part party pass past path pay peace ' +
  'pencil people pepper perhaps person picture piece pig place plain plan plane plant plate play please plenty pocket ' +
  'poem point police poor pot potato power present press pretty price prince print prison prize problem promise proud ' +
  'public pull push queen question quick quiet rabbit rain raise reach read ready reason record red remember repair ' +
  'repeat reply report rest result return rice rich ride right ring river road rock roof room root rope rose round row ' +
  'rule run sad safe sail salt same sand save say school science sea season seat second secret seed sell send sentence ' +
  'serve seven shade shadow shape share sharp sheep sheet shelf ship shirt shoe shop short shoulder show side sign ' +
  'silence silver simple since sing sister size skin skirt sky sleep slow small smell smile smoke snow soap soft soil ' +
  'soldier some song soon sound soup south space speak special speed spell spend spoon sport spread spring square stage ' +
  'stamp stand star start state station stay steam steel step stick still stone stop store storm story strange street ' +
  'strong student study sugar suit summer sun supper surface sweet swim table tail talk tall taste teach team tell ten ' +
  'tent test thank thick thin think third thousand three throw ticket tiger time tired today together tomorrow tongue ' +
  'tool tooth top total touch toward tower town toy trade train travel tree trip trouble true trust turn twelve twenty ' +
  'under until upper use usual valley value vegetable very village visit voice wait walk wall want war warm wash watch ' +
  'water wave way weak wear weather week weight west wheel when where white who whole wide wife wild wind window wine ' +
  'winter wire wise wish with without woman wonder wood word work world worry write wrong yard year yellow young zebra'
).split(' ')
