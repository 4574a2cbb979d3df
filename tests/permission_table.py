"""The answer of every address to every role, as a table; test_permission_matrix.py asks each."""

ROLES = ["anonymous", "provider", "other", "consumer", "reviewer", "editor", "auditor", "admin"]

# The pattern; the method and address to try it with; what each role gets, in the order of ROLES.
# `provider` owns the records in the addresses; `other` is another approved provider.
TABLE = r"""
#                                                              |                                                                          | anon  prov  other cons  revie edit  audit admin
healthz                                                        | GET /healthz                                                             | 200   200   200   200   200   200   200   200
readyz                                                         | GET /readyz                                                              | 200   200   200   200   200   200   200   200
robots.txt                                                     | GET /robots.txt                                                          | 200   200   200   200   200   200   200   200
sitemap.xml                                                    | GET /sitemap.xml                                                         | 200   200   200   200   200   200   200   200
sitemap-<slug:section>.xml                                     | GET /sitemap-instruments.xml                                             | 200   200   200   200   200   200   200   200
sitemap-<slug:section>.xml                                     | GET /sitemap-accounts.xml                                                | 404   404   404   404   404   404   404   404
catalogue/instruments/                                         | GET /catalogue/instruments/                                              | 200   200   200   200   200   200   200   200
catalogue/instruments/                                         | GET /catalogue/instruments/?q=色谱                                         | 200   200   200   200   200   200   200   200
catalogue/instruments/<int:pk>/                                | GET /catalogue/instruments/{instrument}/                                 | 200   200   200   200   200   200   200   200
catalogue/instruments/<int:pk>/                                | GET /catalogue/instruments/{draft}/                                      | 404   404   404   404   404   404   404   404
catalogue/instruments/<int:pk>/                                | GET /catalogue/instruments/{pending}/                                    | 404   404   404   404   404   404   404   404
catalogue/testing/                                             | GET /catalogue/testing/                                                  | 200   200   200   200   200   200   200   200
catalogue/testing/                                             | GET /catalogue/testing/?q=拉伸                                             | 200   200   200   200   200   200   200   200
catalogue/testing/<int:pk>/                                    | GET /catalogue/testing/{testing}/                                        | 200   200   200   200   200   200   200   200
catalogue/testing/<int:pk>/                                    | GET /catalogue/testing/{testing_draft}/                                  | 404   404   404   404   404   404   404   404
catalogue/labs/                                                | GET /catalogue/labs/                                                     | 200   200   200   200   200   200   200   200
catalogue/labs/<int:pk>/                                       | GET /catalogue/labs/{lab}/                                               | 200   200   200   200   200   200   200   200
catalogue/labs/<int:pk>/                                       | GET /catalogue/labs/{lab_draft}/                                         | 404   404   404   404   404   404   404   404
catalogue/capabilities/                                        | GET /catalogue/capabilities/                                             | 200   200   200   200   200   200   200   200
catalogue/capabilities/                                        | GET /catalogue/capabilities/?q=GBT228.1                                  | 200   200   200   200   200   200   200   200
catalogue/providers/                                           | GET /catalogue/providers/                                                | 200   200   200   200   200   200   200   200
catalogue/providers/<int:pk>/                                  | GET /catalogue/providers/{provider}/                                     | 200   200   200   200   200   200   200   200
search/                                                        | GET /search/                                                             | 200   200   200   200   200   200   200   200
search/                                                        | GET /search/?q=色谱                                                        | 200   200   200   200   200   200   200   200
search/                                                        | GET /search/?q=色谱&tab=instrument                                         | 200   200   200   200   200   200   200   200
search/                                                        | GET /search/?q=没有的东西                                                     | 200   200   200   200   200   200   200   200
search/suggest/                                                | GET /search/suggest/?q=色谱                                                | 200   200   200   200   200   200   200   200
^((?:[\w\-]+/)*)$                                              | GET /                                                                    | 200   200   200   200   200   200   200   200
^((?:[\w\-]+/)*)$                                              | GET /notices/                                                            | 200   200   200   200   200   200   200   200
^((?:[\w\-]+/)*)$                                              | GET /policy/                                                             | 200   200   200   200   200   200   200   200
^((?:[\w\-]+/)*)$                                              | GET /policy/guides/                                                      | 200   200   200   200   200   200   200   200
^((?:[\w\-]+/)*)$                                              | GET /policy/faq/                                                         | 200   200   200   200   200   200   200   200
^((?:[\w\-]+/)*)$                                              | GET /policy/downloads/                                                   | 200   200   200   200   200   200   200   200
notices/feed/                                                  | GET /notices/feed/                                                       | 200   200   200   200   200   200   200   200
notices/feed/atom/                                             | GET /notices/feed/atom/                                                  | 200   200   200   200   200   200   200   200
policy/feed/                                                   | GET /policy/feed/                                                        | 200   200   200   200   200   200   200   200
policy/feed/atom/                                              | GET /policy/feed/atom/                                                   | 200   200   200   200   200   200   200   200
feed/                                                          | GET /feed/                                                               | 200   200   200   200   200   200   200   200
feed/atom/                                                     | GET /feed/atom/                                                          | 200   200   200   200   200   200   200   200
^((?:[\w\-]+/)*)$                                              | GET /nowhere/                                                            | 404   404   404   404   404   404   404   404
# The API knows no sessions, so everybody signed in to the site is nobody there; tests/api says what tokens may do.
api/v1/instruments/                                            | GET /api/v1/instruments/                                                 | 200   200   200   200   200   200   200   200
api/v1/instruments/<int:pk>/                                   | GET /api/v1/instruments/{instrument}/                                    | 200   200   200   200   200   200   200   200
api/v1/instruments/<int:pk>/                                   | GET /api/v1/instruments/{draft}/                                         | 404   404   404   404   404   404   404   404
api/v1/instruments/<int:pk>/                                   | DELETE /api/v1/instruments/{instrument}/                                 | 405   405   405   405   405   405   405   405
api/v1/testing-services/                                       | GET /api/v1/testing-services/                                            | 200   200   200   200   200   200   200   200
api/v1/testing-services/<int:pk>/                              | GET /api/v1/testing-services/{testing}/                                  | 200   200   200   200   200   200   200   200
api/v1/testing-services/<int:pk>/                              | GET /api/v1/testing-services/{testing_draft}/                            | 404   404   404   404   404   404   404   404
api/v1/testing-services/<int:pk>/                              | DELETE /api/v1/testing-services/{testing}/                               | 405   405   405   405   405   405   405   405
api/v1/lab-services/                                           | GET /api/v1/lab-services/                                                | 200   200   200   200   200   200   200   200
api/v1/lab-services/<int:pk>/                                  | GET /api/v1/lab-services/{lab}/                                          | 200   200   200   200   200   200   200   200
api/v1/lab-services/<int:pk>/                                  | GET /api/v1/lab-services/{lab_draft}/                                    | 404   404   404   404   404   404   404   404
api/v1/lab-services/<int:pk>/                                  | DELETE /api/v1/lab-services/{lab}/                                       | 405   405   405   405   405   405   405   405
api/v1/capabilities/                                           | GET /api/v1/capabilities/                                                | 200   200   200   200   200   200   200   200
api/v1/capabilities/<int:pk>/                                  | GET /api/v1/capabilities/{capability}/                                   | 200   200   200   200   200   200   200   200
api/v1/capabilities/<int:pk>/                                  | GET /api/v1/capabilities/{capability_draft}/                             | 404   404   404   404   404   404   404   404
api/v1/capabilities/<int:pk>/                                  | DELETE /api/v1/capabilities/{capability}/                                | 405   405   405   405   405   405   405   405
api/v1/instruments/<int:pk>/photos/<int:image_id>/             | GET /api/v1/instruments/{instrument}/photos/{photo}/                     | 302   302   302   302   302   302   302   302
api/v1/instruments/<int:pk>/photos/<int:image_id>/             | GET /api/v1/instruments/{draft}/photos/{draft_photo}/                    | 404   404   404   404   404   404   404   404
api/v1/providers/                                              | GET /api/v1/providers/                                                   | 200   200   200   200   200   200   200   200
api/v1/providers/<int:pk>/                                     | GET /api/v1/providers/{provider}/                                        | 200   200   200   200   200   200   200   200
api/v1/providers/<int:pk>/                                     | GET /api/v1/providers/{suspended}/                                       | 404   404   404   404   404   404   404   404
api/v1/instrument-classes/                                     | GET /api/v1/instrument-classes/                                          | 200   200   200   200   200   200   200   200
api/v1/instrument-classes/<slug:code>/                         | GET /api/v1/instrument-classes/010200/                                   | 200   200   200   200   200   200   200   200
api/v1/testing-fields/                                         | GET /api/v1/testing-fields/                                              | 200   200   200   200   200   200   200   200
api/v1/testing-fields/<slug:code>/                             | GET /api/v1/testing-fields/010100/                                       | 200   200   200   200   200   200   200   200
api/v1/regions/                                                | GET /api/v1/regions/                                                     | 200   200   200   200   200   200   200   200
api/v1/regions/<slug:code>/                                    | GET /api/v1/regions/6101/                                                | 200   200   200   200   200   200   200   200
api/v1/schema/                                                 | GET /api/v1/schema/                                                      | 200   200   200   200   200   200   200   200
api/v1/docs/                                                   | GET /api/v1/docs/                                                        | 200   200   200   200   200   200   200   200
api/v1/                                                        | GET /api/v1/nowhere/                                                     | 404   404   404   404   404   404   404   404
api/v2/^pages/                                                 | GET /api/v2/pages/                                                       | 200   200   200   200   200   200   200   200
api/v2/^pages/                                                 | POST /api/v2/pages/                                                      | 405   405   405   405   405   405   405   405
api/v2/^pages/<int:pk>/                                        | GET /api/v2/pages/{home}/                                                | 200   200   200   200   200   200   200   200
api/v2/^pages/<int:pk>/                                        | GET /api/v2/pages/1/                                                     | 404   404   404   404   404   404   404   404
api/v2/^pages/find/                                            | GET /api/v2/pages/find/?html_path=/                                      | 302   302   302   302   302   302   302   302
api/v2/                                                        | GET /api/v2/images/                                                      | 404   404   404   404   404   404   404   404
api/v1/my/instruments/                                         | GET /api/v1/my/instruments/                                              | 401   401   401   401   401   401   401   401
api/v1/my/instruments/<path:number>/                           | GET /api/v1/my/instruments/YQ-1/                                         | 401   401   401   401   401   401   401   401
api/v1/my/instruments/<path:number>/                           | PUT /api/v1/my/instruments/YQ-1/                                         | 401   401   401   401   401   401   401   401
api/v1/my/instruments/<path:number>/                           | PATCH /api/v1/my/instruments/YQ-1/                                       | 401   401   401   401   401   401   401   401
api/v1/my/instruments/<path:number>/                           | DELETE /api/v1/my/instruments/YQ-1/                                      | 401   401   401   401   401   401   401   401
api/v1/my/instruments/<path:number>/submit/                    | POST /api/v1/my/instruments/YQ-1/submit/                                 | 401   401   401   401   401   401   401   401
api/v1/my/instruments/<path:number>/withdraw/                  | POST /api/v1/my/instruments/YQ-1/withdraw/                               | 401   401   401   401   401   401   401   401
api/v1/my/instruments/<path:number>/photos/                    | POST /api/v1/my/instruments/YQ-1/photos/                                 | 401   401   401   401   401   401   401   401
api/v1/my/instruments/<path:number>/photos/<int:photo>/        | DELETE /api/v1/my/instruments/YQ-1/photos/1/                             | 401   401   401   401   401   401   401   401
api/v1/my/qualifications/                                      | GET /api/v1/my/qualifications/                                           | 401   401   401   401   401   401   401   401
api/v1/my/qualifications/<path:number>/                        | GET /api/v1/my/qualifications/YQ-1/                                      | 401   401   401   401   401   401   401   401
api/v1/my/qualifications/<path:number>/                        | PUT /api/v1/my/qualifications/YQ-1/                                      | 401   401   401   401   401   401   401   401
api/v1/my/qualifications/<path:number>/                        | PATCH /api/v1/my/qualifications/YQ-1/                                    | 401   401   401   401   401   401   401   401
api/v1/my/qualifications/<path:number>/                        | DELETE /api/v1/my/qualifications/YQ-1/                                   | 401   401   401   401   401   401   401   401
api/v1/my/qualifications/<path:number>/submit/                 | POST /api/v1/my/qualifications/YQ-1/submit/                              | 401   401   401   401   401   401   401   401
api/v1/my/qualifications/<path:number>/withdraw/               | POST /api/v1/my/qualifications/YQ-1/withdraw/                            | 401   401   401   401   401   401   401   401
api/v1/my/qualifications/<path:number>/scan/                   | POST /api/v1/my/qualifications/YQ-1/scan/                                | 401   401   401   401   401   401   401   401
api/v1/my/capabilities/                                        | GET /api/v1/my/capabilities/                                             | 401   401   401   401   401   401   401   401
api/v1/my/capabilities/<path:number>/                          | GET /api/v1/my/capabilities/YQ-1/                                        | 401   401   401   401   401   401   401   401
api/v1/my/capabilities/<path:number>/                          | PUT /api/v1/my/capabilities/YQ-1/                                        | 401   401   401   401   401   401   401   401
api/v1/my/capabilities/<path:number>/                          | PATCH /api/v1/my/capabilities/YQ-1/                                      | 401   401   401   401   401   401   401   401
api/v1/my/capabilities/<path:number>/                          | DELETE /api/v1/my/capabilities/YQ-1/                                     | 401   401   401   401   401   401   401   401
api/v1/my/capabilities/<path:number>/submit/                   | POST /api/v1/my/capabilities/YQ-1/submit/                                | 401   401   401   401   401   401   401   401
api/v1/my/capabilities/<path:number>/withdraw/                 | POST /api/v1/my/capabilities/YQ-1/withdraw/                              | 401   401   401   401   401   401   401   401
api/v1/my/testing-services/                                    | GET /api/v1/my/testing-services/                                         | 401   401   401   401   401   401   401   401
api/v1/my/testing-services/<path:number>/                      | GET /api/v1/my/testing-services/YQ-1/                                    | 401   401   401   401   401   401   401   401
api/v1/my/testing-services/<path:number>/                      | PUT /api/v1/my/testing-services/YQ-1/                                    | 401   401   401   401   401   401   401   401
api/v1/my/testing-services/<path:number>/                      | PATCH /api/v1/my/testing-services/YQ-1/                                  | 401   401   401   401   401   401   401   401
api/v1/my/testing-services/<path:number>/                      | DELETE /api/v1/my/testing-services/YQ-1/                                 | 401   401   401   401   401   401   401   401
api/v1/my/testing-services/<path:number>/submit/               | POST /api/v1/my/testing-services/YQ-1/submit/                            | 401   401   401   401   401   401   401   401
api/v1/my/testing-services/<path:number>/withdraw/             | POST /api/v1/my/testing-services/YQ-1/withdraw/                          | 401   401   401   401   401   401   401   401
api/v1/my/lab-services/                                        | GET /api/v1/my/lab-services/                                             | 401   401   401   401   401   401   401   401
api/v1/my/lab-services/<path:number>/                          | GET /api/v1/my/lab-services/YQ-1/                                        | 401   401   401   401   401   401   401   401
api/v1/my/lab-services/<path:number>/                          | PUT /api/v1/my/lab-services/YQ-1/                                        | 401   401   401   401   401   401   401   401
api/v1/my/lab-services/<path:number>/                          | PATCH /api/v1/my/lab-services/YQ-1/                                      | 401   401   401   401   401   401   401   401
api/v1/my/lab-services/<path:number>/                          | DELETE /api/v1/my/lab-services/YQ-1/                                     | 401   401   401   401   401   401   401   401
api/v1/my/lab-services/<path:number>/submit/                   | POST /api/v1/my/lab-services/YQ-1/submit/                                | 401   401   401   401   401   401   401   401
api/v1/my/lab-services/<path:number>/withdraw/                 | POST /api/v1/my/lab-services/YQ-1/withdraw/                              | 401   401   401   401   401   401   401   401
centre/account/tokens/                                         | GET /centre/account/tokens/                                              | login 200   200   404   admin admin admin admin
centre/account/tokens/                                         | POST /centre/account/tokens/ name=x                                      | login 200   200   404   admin admin admin admin
centre/account/tokens/<int:pk>/revoke/                         | GET /centre/account/tokens/{token}/revoke/                               | login 200   404   404   admin admin admin admin
centre/account/tokens/<int:pk>/revoke/                         | POST /centre/account/tokens/{token}/revoke/                              | login 302   404   404   admin admin admin admin
preferences/size/                                              | GET /preferences/size/                                                   | 405   405   405   405   405   405   405   405
preferences/size/                                              | POST /preferences/size/                                                  | 302   302   302   302   302   302   302   302
preferences/language/                                          | GET /preferences/language/                                               | 405   405   405   405   405   405   405   405
preferences/language/                                          | POST /preferences/language/                                              | 302   302   302   302   302   302   302   302
accounts/signup/                                               | GET /accounts/signup/                                                    | 200   302   302   302   admin admin admin admin
accounts/signup/done/                                          | GET /accounts/signup/done/                                               | 200   200   200   200   200   200   200   200
accounts/login/                                                | GET /accounts/login/                                                     | 200   302   302   302   admin admin admin admin
accounts/login/code/confirm/                                   | GET /accounts/login/code/confirm/                                        | login 302   302   302   admin admin admin admin
accounts/logout/                                               | GET /accounts/logout/                                                    | 302   200   200   200   200   200   200   200
accounts/logout/                                               | POST /accounts/logout/                                                   | 302   302   302   302   302   302   302   302
accounts/inactive/                                             | GET /accounts/inactive/                                                  | 200   200   200   200   200   200   200   200
accounts/email/                                                | GET /accounts/email/                                                     | login 200   200   200   200   200   200   200
accounts/confirm-email/                                        | GET /accounts/confirm-email/                                             | 200   200   200   200   200   200   200   200
accounts/^confirm-email/(?P<key>[-:\w]+)/$                     | GET /accounts/confirm-email/x/                                           | 200   200   200   200   200   200   200   200
accounts/reauthenticate/                                       | GET /accounts/reauthenticate/                                            | login 200   200   200   200   200   200   200
accounts/password/change/                                      | GET /accounts/password/change/                                           | login 200   200   200   200   200   200   200
accounts/password/set/                                         | GET /accounts/password/set/                                              | login 302   302   302   302   302   302   302
accounts/password/reset/                                       | GET /accounts/password/reset/                                            | 200   200   200   200   200   200   200   200
accounts/password/reset/done/                                  | GET /accounts/password/reset/done/                                       | 200   200   200   200   200   200   200   200
accounts/^password/reset/key/(?P<uidb36>[0-9A-Za-z]+)-(?P<key>.+)/$ | GET /accounts/password/reset/key/1-x/                                    | 200   200   200   200   200   200   200   200
accounts/password/reset/key/done/                              | GET /accounts/password/reset/key/done/                                   | 200   200   200   200   200   200   200   200
centre/                                                        | GET /centre/                                                             | login 200   200   200   admin admin admin admin
centre/messages/                                               | GET /centre/messages/                                                    | login 200   200   200   admin admin admin admin
centre/messages/<int:pk>/                                      | GET /centre/messages/{message}/                                          | login 200   404   404   admin admin admin admin
centre/messages/read-all/                                      | GET /centre/messages/read-all/                                           | login 405   405   405   admin admin admin admin
centre/messages/read-all/                                      | POST /centre/messages/read-all/                                          | login 302   302   302   admin admin admin admin
centre/account/                                                | GET /centre/account/                                                     | login 200   200   200   admin admin admin admin
centre/account/contact/                                        | GET /centre/account/contact/                                             | login 200   200   200   admin admin admin admin
centre/account/delete/                                         | GET /centre/account/delete/                                              | login 200   200   200   admin admin admin admin
centre/account/delete/                                         | POST /centre/account/delete/ password=wrong                              | login 200   200   200   admin admin admin admin
centre/institution/                                            | GET /centre/institution/                                                 | login 200   200   200   admin admin admin admin
centre/institution/<slug:step>/                                | GET /centre/institution/host/                                            | login 302   302   404   admin admin admin admin
centre/institution/<slug:step>/                                | GET /centre/institution/nowhere/                                         | login 302   302   404   admin admin admin admin
centre/institution/<slug:step>/                                | GET /centre/institution/basics/                                          | login 302   302   200   admin admin admin admin
centre/institution/<slug:step>/                                | GET /centre/institution/finance/                                         | login 302   302   200   admin admin admin admin
centre/institution/<slug:step>/                                | GET /centre/institution/contacts/                                        | login 302   302   200   admin admin admin admin
centre/institution/size/                                       | GET /centre/institution/size/                                            | login 404   404   200   admin admin admin admin
centre/institution/size/                                       | POST /centre/institution/size/                                           | login 404   404   405   admin admin admin admin
centre/institution/submit/                                     | GET /centre/institution/submit/                                          | login 302   302   302   admin admin admin admin
centre/institution/submit/                                     | POST /centre/institution/submit/ confirmed=1                             | login 302   302   404   admin admin admin admin
centre/institution/withdraw/                                   | GET /centre/institution/withdraw/                                        | login 405   405   405   admin admin admin admin
centre/institution/withdraw/                                   | POST /centre/institution/withdraw/ confirmed=1                           | login 302   302   404   admin admin admin admin
centre/instruments/                                            | GET /centre/instruments/                                                 | login 200   200   404   admin admin admin admin
centre/instruments/new/                                        | GET /centre/instruments/new/                                             | login 200   200   404   admin admin admin admin
centre/instruments/<int:pk>/                                   | GET /centre/instruments/{instrument}/                                    | login 200   404   404   admin admin admin admin
centre/instruments/<int:pk>/<slug:step>/                       | GET /centre/instruments/{draft}/basics/                                  | login 200   404   404   admin admin admin admin
centre/instruments/<int:pk>/<slug:step>/                       | POST /centre/instruments/{draft}/basics/                                 | login 200   404   404   admin admin admin admin
centre/instruments/<int:pk>/submit/                            | GET /centre/instruments/{draft}/submit/                                  | login 200   404   404   admin admin admin admin
centre/instruments/<int:pk>/submit/                            | POST /centre/instruments/{draft}/submit/ confirmed=1                     | login 302   404   404   admin admin admin admin
centre/instruments/<int:pk>/withdraw/                          | GET /centre/instruments/{instrument}/withdraw/                           | login 405   405   404   admin admin admin admin
centre/instruments/<int:pk>/withdraw/                          | POST /centre/instruments/{instrument}/withdraw/ confirmed=1              | login 302   404   404   admin admin admin admin
centre/instruments/<int:pk>/delete/                            | GET /centre/instruments/{draft}/delete/                                  | login 405   405   404   admin admin admin admin
centre/instruments/<int:pk>/delete/                            | POST /centre/instruments/{draft}/delete/ confirmed=1                     | login 302   404   404   admin admin admin admin
centre/instruments/<int:pk>/duplicate/                         | GET /centre/instruments/{instrument}/duplicate/                          | login 405   405   404   admin admin admin admin
centre/instruments/<int:pk>/duplicate/                         | POST /centre/instruments/{instrument}/duplicate/                         | login 302   404   404   admin admin admin admin
centre/qualifications/                                         | GET /centre/qualifications/                                              | login 200   200   404   admin admin admin admin
centre/qualifications/new/                                     | GET /centre/qualifications/new/                                          | login 200   200   404   admin admin admin admin
centre/qualifications/<int:pk>/                                | GET /centre/qualifications/{qualification}/                              | login 200   404   404   admin admin admin admin
centre/qualifications/<int:pk>/<slug:step>/                    | GET /centre/qualifications/{qualification_draft}/certificate/            | login 200   404   404   admin admin admin admin
centre/qualifications/<int:pk>/<slug:step>/                    | POST /centre/qualifications/{qualification_draft}/certificate/           | login 200   404   404   admin admin admin admin
centre/qualifications/<int:pk>/submit/                         | GET /centre/qualifications/{qualification_draft}/submit/                 | login 200   404   404   admin admin admin admin
centre/qualifications/<int:pk>/submit/                         | POST /centre/qualifications/{qualification_draft}/submit/ confirmed=1    | login 302   404   404   admin admin admin admin
centre/qualifications/<int:pk>/withdraw/                       | GET /centre/qualifications/{qualification}/withdraw/                     | login 405   405   404   admin admin admin admin
centre/qualifications/<int:pk>/withdraw/                       | POST /centre/qualifications/{qualification}/withdraw/ confirmed=1        | login 302   404   404   admin admin admin admin
centre/qualifications/<int:pk>/delete/                         | GET /centre/qualifications/{qualification_draft}/delete/                 | login 405   405   404   admin admin admin admin
centre/qualifications/<int:pk>/delete/                         | POST /centre/qualifications/{qualification_draft}/delete/ confirmed=1    | login 302   404   404   admin admin admin admin
centre/qualifications/<int:pk>/duplicate/                      | GET /centre/qualifications/{qualification}/duplicate/                    | login 405   405   404   admin admin admin admin
centre/qualifications/<int:pk>/duplicate/                      | POST /centre/qualifications/{qualification}/duplicate/                   | login 302   404   404   admin admin admin admin
centre/capabilities/                                           | GET /centre/capabilities/                                                | login 200   200   404   admin admin admin admin
centre/capabilities/new/                                       | GET /centre/capabilities/new/                                            | login 200   200   404   admin admin admin admin
centre/capabilities/<int:pk>/                                  | GET /centre/capabilities/{capability}/                                   | login 200   404   404   admin admin admin admin
centre/capabilities/<int:pk>/<slug:step>/                      | GET /centre/capabilities/{capability_draft}/ability/                     | login 200   404   404   admin admin admin admin
centre/capabilities/<int:pk>/<slug:step>/                      | POST /centre/capabilities/{capability_draft}/ability/                    | login 200   404   404   admin admin admin admin
centre/capabilities/<int:pk>/submit/                           | GET /centre/capabilities/{capability_draft}/submit/                      | login 200   404   404   admin admin admin admin
centre/capabilities/<int:pk>/submit/                           | POST /centre/capabilities/{capability_draft}/submit/ confirmed=1         | login 302   404   404   admin admin admin admin
centre/capabilities/<int:pk>/withdraw/                         | GET /centre/capabilities/{capability}/withdraw/                          | login 405   405   404   admin admin admin admin
centre/capabilities/<int:pk>/withdraw/                         | POST /centre/capabilities/{capability}/withdraw/ confirmed=1             | login 302   404   404   admin admin admin admin
centre/capabilities/<int:pk>/delete/                           | GET /centre/capabilities/{capability_draft}/delete/                      | login 405   405   404   admin admin admin admin
centre/capabilities/<int:pk>/delete/                           | POST /centre/capabilities/{capability_draft}/delete/ confirmed=1         | login 302   404   404   admin admin admin admin
centre/capabilities/<int:pk>/duplicate/                        | GET /centre/capabilities/{capability}/duplicate/                         | login 405   405   404   admin admin admin admin
centre/capabilities/<int:pk>/duplicate/                        | POST /centre/capabilities/{capability}/duplicate/                        | login 302   404   404   admin admin admin admin
centre/testing/                                                | GET /centre/testing/                                                     | login 200   200   404   admin admin admin admin
centre/testing/new/                                            | GET /centre/testing/new/                                                 | login 200   200   404   admin admin admin admin
centre/testing/<int:pk>/                                       | GET /centre/testing/{testing}/                                           | login 200   404   404   admin admin admin admin
centre/testing/<int:pk>/<slug:step>/                           | GET /centre/testing/{testing_draft}/info/                                | login 200   404   404   admin admin admin admin
centre/testing/<int:pk>/<slug:step>/                           | POST /centre/testing/{testing_draft}/info/                               | login 200   404   404   admin admin admin admin
centre/testing/<int:pk>/submit/                                | GET /centre/testing/{testing_draft}/submit/                              | login 200   404   404   admin admin admin admin
centre/testing/<int:pk>/submit/                                | POST /centre/testing/{testing_draft}/submit/ confirmed=1                 | login 302   404   404   admin admin admin admin
centre/testing/<int:pk>/withdraw/                              | GET /centre/testing/{testing}/withdraw/                                  | login 405   405   404   admin admin admin admin
centre/testing/<int:pk>/withdraw/                              | POST /centre/testing/{testing}/withdraw/ confirmed=1                     | login 302   404   404   admin admin admin admin
centre/testing/<int:pk>/delete/                                | GET /centre/testing/{testing_draft}/delete/                              | login 405   405   404   admin admin admin admin
centre/testing/<int:pk>/delete/                                | POST /centre/testing/{testing_draft}/delete/ confirmed=1                 | login 302   404   404   admin admin admin admin
centre/testing/<int:pk>/duplicate/                             | GET /centre/testing/{testing}/duplicate/                                 | login 405   405   404   admin admin admin admin
centre/testing/<int:pk>/duplicate/                             | POST /centre/testing/{testing}/duplicate/                                | login 302   404   404   admin admin admin admin
centre/labs/                                                   | GET /centre/labs/                                                        | login 200   200   404   admin admin admin admin
centre/labs/new/                                               | GET /centre/labs/new/                                                    | login 200   200   404   admin admin admin admin
centre/labs/<int:pk>/                                          | GET /centre/labs/{lab}/                                                  | login 200   404   404   admin admin admin admin
centre/labs/<int:pk>/<slug:step>/                              | GET /centre/labs/{lab_draft}/info/                                       | login 200   404   404   admin admin admin admin
centre/labs/<int:pk>/<slug:step>/                              | POST /centre/labs/{lab_draft}/info/                                      | login 200   404   404   admin admin admin admin
centre/labs/<int:pk>/submit/                                   | GET /centre/labs/{lab_draft}/submit/                                     | login 200   404   404   admin admin admin admin
centre/labs/<int:pk>/submit/                                   | POST /centre/labs/{lab_draft}/submit/ confirmed=1                        | login 302   404   404   admin admin admin admin
centre/labs/<int:pk>/withdraw/                                 | GET /centre/labs/{lab}/withdraw/                                         | login 405   405   404   admin admin admin admin
centre/labs/<int:pk>/withdraw/                                 | POST /centre/labs/{lab}/withdraw/ confirmed=1                            | login 302   404   404   admin admin admin admin
centre/labs/<int:pk>/delete/                                   | GET /centre/labs/{lab_draft}/delete/                                     | login 405   405   404   admin admin admin admin
centre/labs/<int:pk>/delete/                                   | POST /centre/labs/{lab_draft}/delete/ confirmed=1                        | login 302   404   404   admin admin admin admin
centre/labs/<int:pk>/duplicate/                                | GET /centre/labs/{lab}/duplicate/                                        | login 405   405   404   admin admin admin admin
centre/labs/<int:pk>/duplicate/                                | POST /centre/labs/{lab}/duplicate/                                       | login 302   404   404   admin admin admin admin
centre/batches/                                                | GET /centre/batches/                                                     | login 200   200   404   admin admin admin admin
centre/batches/<int:pk>/                                       | GET /centre/batches/{job}/                                               | login 200   404   404   admin admin admin admin
centre/batches/<int:pk>/confirm/                               | POST /centre/batches/{job}/confirm/ scope=all                            | login 302   404   404   admin admin admin admin
centre/batches/<int:pk>/confirm/                               | GET /centre/batches/{job}/confirm/                                       | login 405   405   404   admin admin admin admin
centre/batches/<int:pk>/cancel/                                | POST /centre/batches/{job}/cancel/                                       | login 302   404   404   admin admin admin admin
centre/batches/<int:pk>/resume/                                | POST /centre/batches/{silent}/resume/                                    | login 302   404   404   admin admin admin admin
centre/batches/<int:pk>/refused/                               | GET /centre/batches/{job}/refused/                                       | login 302   404   404   admin admin admin admin
centre/batches/<slug:subject>/template/                        | GET /centre/batches/instruments/template/                                | login 200   200   404   admin admin admin admin
centre/batches/<slug:subject>/import/                          | GET /centre/batches/instruments/import/                                  | login 200   200   404   admin admin admin admin
centre/batches/<slug:subject>/import/                          | POST /centre/batches/instruments/import/                                 | login 200   200   404   admin admin admin admin
centre/batches/instruments/nrii/                               | GET /centre/batches/instruments/nrii/                                    | login 200   200   404   admin admin admin admin
centre/batches/instruments/nrii/download/                      | GET /centre/batches/instruments/nrii/download/                           | login 200   200   404   admin admin admin admin
centre/batches/instruments/photos/                             | GET /centre/batches/instruments/photos/                                  | login 200   200   404   admin admin admin admin
centre/batches/instruments/photos/                             | POST /centre/batches/instruments/photos/                                 | login 200   200   404   admin admin admin admin
centre/batches/<slug:subject>/export/                          | GET /centre/batches/labs/export/                                         | login 200   200   404   admin admin admin admin
centre/batches/<slug:subject>/completeness/                    | GET /centre/batches/instruments/completeness/                            | login 200   200   404   admin admin admin admin
centre/batches/<slug:subject>/submit/                          | GET /centre/batches/instruments/submit/                                  | login 405   405   404   admin admin admin admin
centre/batches/<slug:subject>/submit/                          | POST /centre/batches/instruments/submit/ chosen={draft}                  | login 200   302   404   admin admin admin admin
centre/batches/<slug:subject>/submit/                          | POST /centre/batches/instruments/submit/ chosen={draft}&confirmed=1      | login 302   302   404   admin admin admin admin
catalogue/<slug:subject>/export/                               | GET /catalogue/instruments/export/                                       | 200   200   200   200   200   200   200   200
catalogue/<slug:subject>/export/                               | GET /catalogue/providers/export/                                         | 200   200   200   200   200   200   200   200
catalogue/<slug:subject>/export/                               | GET /catalogue/qualifications/export/                                    | 404   404   404   404   404   404   404   404
admin/review/                                                  | GET /admin/review/?export=xlsx                                           | login login login login 200   admin 200   200
admin/snippets/catalogue/instrument/                           | GET /admin/snippets/catalogue/instrument/?export=xlsx                    | login login login login 200   admin 200   200
files/<uuid:uuid>/                                             | GET /files/{file}/                                                       | login 200   404   404   200   404   200   200
documents/^(\d+)/(.*)$                                         | GET /documents/1/x.pdf                                                   | 404   404   404   404   404   404   404   404
documents/authenticate_with_password/<int:restriction_id>/     | GET /documents/authenticate_with_password/1/                             | 404   404   404   404   404   404   404   404
_util/authenticate_with_password/<int:page_view_restriction_id>/<int:page_id>/ | GET /_util/authenticate_with_password/1/1/                               | 404   404   404   404   404   404   404   404
_util/login/                                                   | GET /_util/login/                                                        | login login login login login login login login
_util/login/                                                   | POST /_util/login/ username=x&password=y                                 | login login login login login login login login
admin/                                                         | GET /admin/                                                              | login login login login 200   200   200   200
admin/login/                                                   | GET /admin/login/                                                        | login 302   302   302   admin admin admin admin
admin/account/                                                 | GET /admin/account/                                                      | login login login login 200   200   200   200
admin/review/                                                  | GET /admin/review/                                                       | login login login login 200   admin 200   200
admin/review/results/                                          | GET /admin/review/results/                                               | login login login login 200   admin 200   200
admin/review/bulk/                                             | GET /admin/review/bulk/                                                  | login login login login 405   admin 405   405
admin/review/bulk/                                             | POST /admin/review/bulk/                                                 | login login login login 302   admin 302   302
admin/review/<int:content_type_id>/<int:pk>/                   | GET /admin/review/{type}/{pending}/                                      | login login login login 200   admin 200   200
admin/review/<int:content_type_id>/<int:pk>/                   | GET /admin/review/{type}/{draft}/                                        | login login login login 200   admin 200   200
admin/review/<int:content_type_id>/<int:pk>/decide/            | POST /admin/review/{type}/{pending}/decide/ decision=approve&revision={revision} | login login login login 302   admin 422   302
admin/snippets/institutions/provider/                          | GET /admin/snippets/institutions/provider/                               | login login login login 200   admin 200   200
admin/snippets/institutions/consumer/                          | GET /admin/snippets/institutions/consumer/                               | login login login login 200   admin 200   200
admin/snippets/institutions/consumer/results/                  | GET /admin/snippets/institutions/consumer/results/                       | login login login login 200   admin 200   200
admin/snippets/institutions/consumer/add/                      | GET /admin/snippets/institutions/consumer/add/                           | login login login login admin admin admin admin
admin/snippets/institutions/consumer/edit/<int:pk>/            | GET /admin/snippets/institutions/consumer/edit/{consumer}/               | login login login login admin admin admin admin
admin/snippets/institutions/consumer/delete/<int:pk>/          | GET /admin/snippets/institutions/consumer/delete/{consumer}/             | login login login login admin admin admin admin
admin/snippets/institutions/consumer/unpublish/<int:pk>/       | GET /admin/snippets/institutions/consumer/unpublish/{consumer}/          | login login login login admin admin admin admin
admin/snippets/institutions/consumer/history/<int:pk>/         | GET /admin/snippets/institutions/consumer/history/{consumer}/            | login login login login admin admin admin admin
admin/snippets/institutions/consumer/history/<int:pk>/revisions/<int:revision_id>/unschedule/ | GET /admin/snippets/institutions/consumer/history/{consumer}/revisions/{revision}/unschedule/ | login login login login 404   404   404   404
admin/consumers/<int:pk>/bank-account/                         | GET /admin/consumers/{consumer}/bank-account/                            | login login login login admin admin admin 200
admin/consumers/<int:pk>/bank-account/                         | POST /admin/consumers/{consumer}/bank-account/                           | login login login login admin admin admin 200
admin/snippets/catalogue/instrument/                           | GET /admin/snippets/catalogue/instrument/                                | login login login login 200   admin 200   200
admin/snippets/catalogue/instrument/edit/<int:pk>/             | GET /admin/snippets/catalogue/instrument/edit/{instrument}/              | login login login login admin admin admin admin
admin/snippets/catalogue/instrument/history/<int:pk>/          | GET /admin/snippets/catalogue/instrument/history/{instrument}/           | login login login login admin admin admin admin
admin/snippets/policy/faq/unpublish/<int:pk>/                  | GET /admin/snippets/policy/faq/unpublish/{faq}/                          | login login login login admin 200   admin 200
admin/snippets/policy/faq/history/<int:pk>/revisions/<int:revision_id>/unschedule/ | GET /admin/snippets/policy/faq/history/{faq}/revisions/{faq_revision}/unschedule/ | login login login login admin 200   admin 200
admin/snippets/policy/faq/unpublish/<int:pk>/                  | POST /admin/snippets/policy/faq/unpublish/{faq}/                         | login login login login admin 302   admin 302
admin/users/                                                   | GET /admin/users/                                                        | login login login login admin admin admin 200
admin/groups/                                                  | GET /admin/groups/                                                       | login login login login admin admin admin 200
admin/workflows/list/                                          | GET /admin/workflows/list/                                               | login login login login admin admin admin 200
admin/pages/                                                   | GET /admin/pages/                                                        | login login login login admin 200   admin 200
admin/images/                                                  | GET /admin/images/                                                       | login login login login admin 200   admin 200
admin/documents/                                               | GET /admin/documents/                                                    | login login login login admin 200   admin 200
admin/reports/site-history/                                    | GET /admin/reports/site-history/                                         | login login login login 200   200   200   200
admin/sites/                                                   | GET /admin/sites/                                                        | login login login login admin admin admin 200
admin/providers/<int:pk>/suspend/                              | GET /admin/providers/{provider}/suspend/                                 | login login login login 200   admin admin 200
admin/providers/<int:pk>/suspend/                              | POST /admin/providers/{provider}/suspend/ reason=核查                      | login login login login 302   admin admin 302
admin/providers/<int:pk>/suspend/                              | GET /admin/providers/{suspended}/suspend/                                | login login login login 302   admin admin 302
admin/providers/<int:pk>/lift/                                 | GET /admin/providers/{suspended}/lift/                                   | login login login login 200   admin admin 200
admin/providers/<int:pk>/lift/                                 | POST /admin/providers/{suspended}/lift/ reason=                          | login login login login 302   admin admin 302
admin/^institutions/suspension/$                               | GET /admin/institutions/suspension/                                      | login login login login 200   admin 200   200
admin/^institutions/suspension/create/$                        | GET /admin/institutions/suspension/create/                               | login login login login admin admin admin admin
catalogue/providers/<int:pk>/                                  | GET /catalogue/providers/{suspended}/                                    | 404   404   404   404   404   404   404   404
admin/snippets/institutions/provider/results/                  | GET /admin/snippets/institutions/provider/results/                       | login login login login 200   admin 200   200
admin/snippets/catalogue/instrument/results/                   | GET /admin/snippets/catalogue/instrument/results/                        | login login login login 200   admin 200   200
admin/snippets/catalogue/qualification/                        | GET /admin/snippets/catalogue/qualification/                             | login login login login 200   admin 200   200
admin/snippets/catalogue/qualification/results/                | GET /admin/snippets/catalogue/qualification/results/                     | login login login login 200   admin 200   200
admin/snippets/catalogue/qualification/add/                    | GET /admin/snippets/catalogue/qualification/add/                         | login login login login admin admin admin admin
admin/snippets/catalogue/qualification/edit/<int:pk>/          | GET /admin/snippets/catalogue/qualification/edit/{qualification}/        | login login login login admin admin admin admin
admin/snippets/catalogue/qualification/delete/<int:pk>/        | GET /admin/snippets/catalogue/qualification/delete/{qualification}/      | login login login login admin admin admin admin
admin/snippets/catalogue/qualification/unpublish/<int:pk>/     | GET /admin/snippets/catalogue/qualification/unpublish/{qualification}/   | login login login login admin admin admin admin
admin/snippets/catalogue/qualification/history/<int:pk>/       | GET /admin/snippets/catalogue/qualification/history/{qualification}/     | login login login login admin admin admin admin
admin/snippets/catalogue/qualification/history/<int:pk>/revisions/<int:revision_id>/unschedule/ | GET /admin/snippets/catalogue/qualification/history/{qualification}/revisions/{revision}/unschedule/ | login login login login 404   404   404   404
admin/snippets/catalogue/capability/                           | GET /admin/snippets/catalogue/capability/                                | login login login login 200   admin 200   200
admin/snippets/catalogue/capability/results/                   | GET /admin/snippets/catalogue/capability/results/                        | login login login login 200   admin 200   200
admin/snippets/catalogue/capability/add/                       | GET /admin/snippets/catalogue/capability/add/                            | login login login login admin admin admin admin
admin/snippets/catalogue/capability/edit/<int:pk>/             | GET /admin/snippets/catalogue/capability/edit/{capability}/              | login login login login admin admin admin admin
admin/snippets/catalogue/capability/delete/<int:pk>/           | GET /admin/snippets/catalogue/capability/delete/{capability}/            | login login login login admin admin admin admin
admin/snippets/catalogue/capability/unpublish/<int:pk>/        | GET /admin/snippets/catalogue/capability/unpublish/{capability}/         | login login login login admin admin admin admin
admin/snippets/catalogue/capability/history/<int:pk>/          | GET /admin/snippets/catalogue/capability/history/{capability}/           | login login login login admin admin admin admin
admin/snippets/catalogue/capability/history/<int:pk>/revisions/<int:revision_id>/unschedule/ | GET /admin/snippets/catalogue/capability/history/{capability}/revisions/{revision}/unschedule/ | login login login login 404   404   404   404
admin/snippets/catalogue/testingservice/                       | GET /admin/snippets/catalogue/testingservice/                            | login login login login 200   admin 200   200
admin/snippets/catalogue/testingservice/results/               | GET /admin/snippets/catalogue/testingservice/results/                    | login login login login 200   admin 200   200
admin/snippets/catalogue/testingservice/add/                   | GET /admin/snippets/catalogue/testingservice/add/                        | login login login login admin admin admin admin
admin/snippets/catalogue/testingservice/edit/<int:pk>/         | GET /admin/snippets/catalogue/testingservice/edit/{testing}/             | login login login login admin admin admin admin
admin/snippets/catalogue/testingservice/delete/<int:pk>/       | GET /admin/snippets/catalogue/testingservice/delete/{testing}/           | login login login login admin admin admin admin
admin/snippets/catalogue/testingservice/unpublish/<int:pk>/    | GET /admin/snippets/catalogue/testingservice/unpublish/{testing}/        | login login login login admin admin admin admin
admin/snippets/catalogue/testingservice/history/<int:pk>/      | GET /admin/snippets/catalogue/testingservice/history/{testing}/          | login login login login admin admin admin admin
admin/snippets/catalogue/testingservice/history/<int:pk>/revisions/<int:revision_id>/unschedule/ | GET /admin/snippets/catalogue/testingservice/history/{testing}/revisions/{revision}/unschedule/ | login login login login 404   404   404   404
admin/snippets/catalogue/labservice/                           | GET /admin/snippets/catalogue/labservice/                                | login login login login 200   admin 200   200
admin/snippets/catalogue/labservice/results/                   | GET /admin/snippets/catalogue/labservice/results/                        | login login login login 200   admin 200   200
admin/snippets/catalogue/labservice/add/                       | GET /admin/snippets/catalogue/labservice/add/                            | login login login login admin admin admin admin
admin/snippets/catalogue/labservice/edit/<int:pk>/             | GET /admin/snippets/catalogue/labservice/edit/{lab}/                     | login login login login admin admin admin admin
admin/snippets/catalogue/labservice/delete/<int:pk>/           | GET /admin/snippets/catalogue/labservice/delete/{lab}/                   | login login login login admin admin admin admin
admin/snippets/catalogue/labservice/unpublish/<int:pk>/        | GET /admin/snippets/catalogue/labservice/unpublish/{lab}/                | login login login login admin admin admin admin
admin/snippets/catalogue/labservice/history/<int:pk>/          | GET /admin/snippets/catalogue/labservice/history/{lab}/                  | login login login login admin admin admin admin
admin/snippets/catalogue/labservice/history/<int:pk>/revisions/<int:revision_id>/unschedule/ | GET /admin/snippets/catalogue/labservice/history/{lab}/revisions/{revision}/unschedule/ | login login login login 404   404   404   404
admin/snippets/catalogue/attributedefinition/                  | GET /admin/snippets/catalogue/attributedefinition/                       | login login login login 200   admin 200   200
admin/snippets/catalogue/attributedefinition/results/          | GET /admin/snippets/catalogue/attributedefinition/results/               | login login login login 200   admin 200   200
admin/snippets/catalogue/attributedefinition/add/              | GET /admin/snippets/catalogue/attributedefinition/add/                   | login login login login admin admin admin 200
admin/snippets/catalogue/attributedefinition/edit/<int:pk>/    | GET /admin/snippets/catalogue/attributedefinition/edit/{attribute}/      | login login login login admin admin admin 200
admin/snippets/catalogue/attributedefinition/inspect/<int:pk>/ | GET /admin/snippets/catalogue/attributedefinition/inspect/{attribute}/   | login login login login 200   admin 200   200
admin/snippets/catalogue/attributedefinition/delete/<int:pk>/  | GET /admin/snippets/catalogue/attributedefinition/delete/{attribute}/    | login login login login admin admin admin admin
admin/snippets/catalogue/attributedefinition/retire/<int:pk>/  | GET /admin/snippets/catalogue/attributedefinition/retire/{attribute}/    | login login login login admin admin admin 200
admin/snippets/catalogue/attributedefinition/restore/<int:pk>/ | GET /admin/snippets/catalogue/attributedefinition/restore/{retired_attribute}/ | login login login login admin admin admin 200
admin/snippets/catalogue/attributedefinition/retire/<int:pk>/  | POST /admin/snippets/catalogue/attributedefinition/retire/{attribute}/   | login login login login admin admin admin 302
admin/snippets/catalogue/attributedefinition/restore/<int:pk>/ | POST /admin/snippets/catalogue/attributedefinition/restore/{retired_attribute}/ | login login login login admin admin admin 302
admin/users/results/                                           | GET /admin/users/results/                                                | login login login login admin admin admin 200
admin/users/delete/<int:pk>/                                   | GET /admin/users/delete/{account}/                                       | login login login login admin admin admin 302
admin/^workflow/auditentry/$                                   | GET /admin/workflow/auditentry/                                          | login login login login 200   admin 200   200
admin/^workflow/auditentry/create/$                            | GET /admin/workflow/auditentry/create/                                   | login login login login admin admin admin admin
admin/snippets/catalogue/instrument/add/                       | GET /admin/snippets/catalogue/instrument/add/                            | login login login login admin admin admin admin
admin/snippets/catalogue/instrument/delete/<int:pk>/           | GET /admin/snippets/catalogue/instrument/delete/{instrument}/            | login login login login admin admin admin admin
admin/snippets/catalogue/instrument/unpublish/<int:pk>/        | GET /admin/snippets/catalogue/instrument/unpublish/{instrument}/         | login login login login admin admin admin admin
admin/snippets/catalogue/instrument/history/<int:pk>/revisions/<int:revision_id>/unschedule/ | GET /admin/snippets/catalogue/instrument/history/{instrument}/revisions/{revision}/unschedule/ | login login login login 404   404   404   404
admin/snippets/institutions/provider/unpublish/<int:pk>/       | GET /admin/snippets/institutions/provider/unpublish/{provider}/          | login login login login admin admin admin admin
admin/snippets/institutions/provider/history/<int:pk>/revisions/<int:revision_id>/unschedule/ | GET /admin/snippets/institutions/provider/history/{provider}/revisions/{revision}/unschedule/ | login login login login 404   404   404   404
admin/snippets/programme/programmeparameters/                  | GET /admin/snippets/programme/programmeparameters/                       | login login login login 200   admin 200   200
admin/snippets/programme/programmeparameters/results/          | GET /admin/snippets/programme/programmeparameters/results/               | login login login login 200   admin 200   200
admin/snippets/programme/programmeparameters/add/              | GET /admin/snippets/programme/programmeparameters/add/                   | login login login login admin admin admin 200
admin/snippets/programme/programmeparameters/inspect/<int:pk>/ | GET /admin/snippets/programme/programmeparameters/inspect/{parameters}/  | login login login login 200   admin 200   200
admin/snippets/programme/programmeparameters/edit/<int:pk>/    | GET /admin/snippets/programme/programmeparameters/edit/{parameters}/     | login login login login admin admin admin 302
admin/snippets/programme/programmeparameters/edit/<int:pk>/    | GET /admin/snippets/programme/programmeparameters/edit/{future_parameters}/ | login login login login admin admin admin 200
admin/snippets/programme/programmeparameters/delete/<int:pk>/  | GET /admin/snippets/programme/programmeparameters/delete/{parameters}/   | login login login login admin admin admin 302
admin/snippets/programme/programmeparameters/delete/<int:pk>/  | GET /admin/snippets/programme/programmeparameters/delete/{future_parameters}/ | login login login login admin admin admin 200
admin/snippets/programme/programmeparameters/history/<int:pk>/ | GET /admin/snippets/programme/programmeparameters/history/{parameters}/  | login login login login admin admin admin 200
admin/pools/fund/                                              | GET /admin/pools/fund/                                                   | login login login login admin admin admin 200
admin/pools/fund/                                              | POST /admin/pools/fund/ year=2001&amount=1&reason=x                      | login login login login admin admin admin 422
admin/^vouchers/pool/$                                         | GET /admin/vouchers/pool/                                                | login login login login 200   admin 200   200
admin/^vouchers/pool/$                                         | GET /admin/vouchers/pool/?export=xlsx                                    | login login login login 200   admin 200   200
admin/^vouchers/pool/inspect/(?P<instance_pk>[-\w]+)/$         | GET /admin/vouchers/pool/inspect/{pool}/                                 | login login login login 200   admin 200   200
admin/^vouchers/pool/create/$                                  | GET /admin/vouchers/pool/create/                                         | login login login login admin admin admin admin
admin/^vouchers/pool/edit/(?P<instance_pk>[-\w]+)/$            | POST /admin/vouchers/pool/edit/{pool}/                                   | login login login login admin admin admin admin
admin/^vouchers/pool/delete/(?P<instance_pk>[-\w]+)/$          | POST /admin/vouchers/pool/delete/{pool}/                                 | login login login login admin admin admin admin
admin/^vouchers/voucher/$                                      | GET /admin/vouchers/voucher/                                             | login login login login 200   admin 200   200
admin/^vouchers/voucher/$                                      | GET /admin/vouchers/voucher/?export=xlsx                                 | login login login login 200   admin 200   200
admin/^vouchers/voucher/inspect/(?P<instance_pk>[-\w]+)/$      | GET /admin/vouchers/voucher/inspect/{voucher}/                           | login login login login 200   admin 200   200
admin/^vouchers/voucher/create/$                               | GET /admin/vouchers/voucher/create/                                      | login login login login admin admin admin admin
admin/^vouchers/voucher/edit/(?P<instance_pk>[-\w]+)/$         | POST /admin/vouchers/voucher/edit/{voucher}/                             | login login login login admin admin admin admin
admin/^vouchers/voucher/delete/(?P<instance_pk>[-\w]+)/$       | POST /admin/vouchers/voucher/delete/{voucher}/                           | login login login login admin admin admin admin
admin/^vouchers/ledgerentry/$                                  | GET /admin/vouchers/ledgerentry/                                         | login login login login 200   admin 200   200
admin/^vouchers/ledgerentry/$                                  | GET /admin/vouchers/ledgerentry/?export=xlsx                             | login login login login 200   admin 200   200
admin/^vouchers/ledgerentry/inspect/(?P<instance_pk>[-\w]+)/$  | GET /admin/vouchers/ledgerentry/inspect/{entry}/                         | login login login login 200   admin 200   200
admin/^vouchers/ledgerentry/create/$                           | GET /admin/vouchers/ledgerentry/create/                                  | login login login login admin admin admin admin
admin/^vouchers/ledgerentry/edit/(?P<instance_pk>[-\w]+)/$     | POST /admin/vouchers/ledgerentry/edit/{entry}/                           | login login login login admin admin admin admin
admin/^vouchers/ledgerentry/delete/(?P<instance_pk>[-\w]+)/$   | POST /admin/vouchers/ledgerentry/delete/{entry}/                         | login login login login admin admin admin admin
centre/vouchers/                                               | GET /centre/vouchers/                                                    | login 404   404   200   admin admin admin admin
centre/vouchers/apply/                                         | GET /centre/vouchers/apply/                                              | login 404   404   200   admin admin admin admin
centre/vouchers/apply/                                         | POST /centre/vouchers/apply/ action=save                                 | login 404   404   200   admin admin admin admin
centre/vouchers/<int:pk>/                                      | GET /centre/vouchers/{voucher}/                                          | login 404   404   404   admin admin admin admin
centre/vouchers/<int:pk>/return/                               | GET /centre/vouchers/{voucher}/return/                                   | login 404   404   404   admin admin admin admin
centre/vouchers/<int:pk>/return/                               | POST /centre/vouchers/{voucher}/return/ amount=1&reason=x&confirmed=1    | login 404   404   404   admin admin admin admin
centre/vouchers/applications/<int:pk>/                         | GET /centre/vouchers/applications/{application}/                         | login 404   404   404   admin admin admin admin
centre/vouchers/applications/<int:pk>/<slug:step>/             | GET /centre/vouchers/applications/{application}/basics/                  | login 404   404   404   admin admin admin admin
centre/vouchers/applications/<int:pk>/<slug:step>/             | POST /centre/vouchers/applications/{application}/basics/ action=save     | login 404   404   404   admin admin admin admin
centre/vouchers/applications/<int:pk>/submit/                  | GET /centre/vouchers/applications/{application}/submit/                  | login 404   404   404   admin admin admin admin
centre/vouchers/applications/<int:pk>/submit/                  | POST /centre/vouchers/applications/{application}/submit/ confirmed=1     | login 404   404   404   admin admin admin admin
centre/vouchers/applications/<int:pk>/withdraw/                | GET /centre/vouchers/applications/{application}/withdraw/                | login 404   404   405   admin admin admin admin
centre/vouchers/applications/<int:pk>/withdraw/                | POST /centre/vouchers/applications/{application}/withdraw/ confirmed=1   | login 404   404   404   admin admin admin admin
centre/vouchers/applications/<int:pk>/delete/                  | GET /centre/vouchers/applications/{application}/delete/                  | login 404   404   405   admin admin admin admin
centre/vouchers/applications/<int:pk>/delete/                  | POST /centre/vouchers/applications/{application}/delete/ confirmed=1     | login 404   404   404   admin admin admin admin
admin/snippets/vouchers/voucherapplication/                    | GET /admin/snippets/vouchers/voucherapplication/                         | login login login login 200   admin 200   200
admin/snippets/vouchers/voucherapplication/results/            | GET /admin/snippets/vouchers/voucherapplication/results/                 | login login login login 200   admin 200   200
admin/snippets/vouchers/voucherapplication/add/                | GET /admin/snippets/vouchers/voucherapplication/add/                     | login login login login admin admin admin admin
admin/snippets/vouchers/voucherapplication/edit/<int:pk>/      | GET /admin/snippets/vouchers/voucherapplication/edit/{application}/      | login login login login admin admin admin admin
admin/snippets/vouchers/voucherapplication/delete/<int:pk>/    | GET /admin/snippets/vouchers/voucherapplication/delete/{application}/    | login login login login admin admin admin admin
admin/snippets/vouchers/voucherapplication/unpublish/<int:pk>/ | GET /admin/snippets/vouchers/voucherapplication/unpublish/{application}/ | login login login login admin admin admin admin
admin/snippets/vouchers/voucherapplication/history/<int:pk>/   | GET /admin/snippets/vouchers/voucherapplication/history/{application}/   | login login login login admin admin admin admin
admin/snippets/vouchers/voucherapplication/history/<int:pk>/revisions/<int:revision_id>/unschedule/ | GET /admin/snippets/vouchers/voucherapplication/history/{application}/revisions/{revision}/unschedule/ | login login login login 404   404   404   404
admin/^vouchers/voucherapplication/$                           | GET /admin/vouchers/voucherapplication/                                  | login login login login 200   admin 200   200
admin/^vouchers/voucherapplication/$                           | GET /admin/vouchers/voucherapplication/?export=xlsx                      | login login login login 200   admin 200   200
admin/^vouchers/voucherapplication/inspect/(?P<instance_pk>[-\w]+)/$ | GET /admin/vouchers/voucherapplication/inspect/{application}/            | login login login login 200   admin 200   200
admin/^vouchers/voucherapplication/create/$                    | GET /admin/vouchers/voucherapplication/create/                           | login login login login admin admin admin admin
admin/^vouchers/voucherapplication/edit/(?P<instance_pk>[-\w]+)/$ | POST /admin/vouchers/voucherapplication/edit/{application}/              | login login login login admin admin admin admin
admin/^vouchers/voucherapplication/delete/(?P<instance_pk>[-\w]+)/$ | POST /admin/vouchers/voucherapplication/delete/{application}/            | login login login login admin admin admin admin
admin/reports/vouchers/                                        | GET /admin/reports/vouchers/                                             | login login login login 200   admin 200   200
"""
